import type { EventHandler, HandledEvent } from '#workers/runtime/consume/consumer.ts'
import { AdvisedError } from '#workers/runtime/consume/retry-advice.ts'
import { causedEvent } from '../cloudevents/caused-event.ts'
import { textOfHeader } from '../cloudevents/header-text.ts'
import { InvalidCloudEvent, type ProgramEvent, readEvents } from '../cloudevents/read-events.ts'
import { type ContentMode, requestOf } from '../cloudevents/write-event.ts'
import type { ProgramAnswer, ProgramCaller } from './call.ts'
import { programProblemOf } from './problem.ts'
import { retryAfterMs } from './retry-after.ts'
import type { UrlWatch } from './watch-url.ts'

export interface DeliverDeps {
  caller: ProgramCaller
  /** Consumer group of the service. */
  group: string
  /** Called with the calls of a program that runs elsewhere; undefined if the lab runs it. */
  watch?: Pick<UrlWatch, 'answered' | 'failed'> | undefined
}

/** Of the statuses that are errors of the caller, those that another attempt may change. */
const passing = new Set([408, 425, 429])
const longestEffect = 500

/**
 * Hands an event to a program by the HTTP binding of CloudEvents and does as the answer says. Binary mode until the program answers
 * 415, structured mode from then on.
 */
export function deliverTo({ caller, group, watch }: DeliverDeps): EventHandler {
  let mode: ContentMode = 'binary'

  async function callOnce(event: HandledEvent, as: ContentMode): Promise<ProgramAnswer> {
    try {
      const answer = await caller.call(requestOf(event, group, as), event.signal)
      watch?.answered()
      return answer
    } catch (error) {
      throw error instanceof AdvisedError ? (watch?.failed(error) ?? error) : error
    }
  }

  return async (event) => {
    const as = mode
    let answer = await callOnce(event, as)
    if (answer.status === 415 && as === 'binary') {
      if (mode === 'binary') event.log.info('the program refuses binary mode (415): events go to it in structured mode')
      mode = 'structured'
      answer = await callOnce(event, mode)
    }
    takeAnswer(event, answer)
    return undefined
  }
}

function takeAnswer(event: HandledEvent, answer: ProgramAnswer): void {
  const { status, headers } = answer
  if (status < 200 || status >= 300) throw errorOf(answer)
  const sent = eventsOf(answer)
  for (const one of sent) event.send(causedEvent(one))
  const effect = headers['faultline-effect']
  const reported = typeof effect === 'string' ? textOfHeader(effect).trim().slice(0, longestEffect) : ''
  if (reported !== '') event.reported(reported)
  const words = [`answered ${status}`]
  if (reported !== '') words.push(`reported ${reported}`)
  if (sent.length > 0) words.push(`sends ${sent.map(({ type }) => type).join(', ')}`)
  event.say(words.join(', '))
}

function eventsOf(answer: ProgramAnswer): ProgramEvent[] {
  try {
    return readEvents(answer) ?? []
  } catch (error) {
    if (!(error instanceof InvalidCloudEvent)) throw error
    throw new AdvisedError('InvalidReply', `its answer cannot be published: ${error.message}`, { never: true })
  }
}

/** 408, 425, 429 and 5xx may pass; every other status stays what it is. */
function errorOf(answer: ProgramAnswer): AdvisedError {
  const { status, headers } = answer
  if (status >= 300 && status < 400) {
    const place = headers.location === undefined ? 'nowhere' : headers.location.slice(0, 500)
    return new AdvisedError('Redirected', `${status} to ${place}: redirects are not followed`, { never: true })
  }
  const { type, message } = programProblemOf(answer)
  if (!passing.has(status) && status < 500) return new AdvisedError(type, message, { never: true })
  const afterMs = retryAfterMs(headers['retry-after'], Date.now())
  return new AdvisedError(type, message, afterMs === undefined ? {} : { afterMs })
}
