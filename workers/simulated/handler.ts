import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { sleep } from '#workers/broker/sleep.ts'
import type { EventHandler, HandledEvent } from '#workers/runtime/consume/consumer.ts'
import type { CausedEvent } from '#workers/runtime/publish/caused-event.ts'
import { emissionProblemOf } from '#workers/runtime/publish/emission-problem.ts'
import type { Emitter } from '#workers/runtime/publish/emitter.ts'
import { filledData } from '../runtime/publish/filled-data.ts'
import { outcomeOf, type SimulatedBody } from './outcome.ts'

/** An error whose name is the one that the lab file, or the runtime, gives. */
class SimulatedError extends Error {
  constructor({ type, message }: ErrorInfo) {
    super(message)
    this.name = type
  }
}

/**
 * Stands in for a service that does not exist: works for a while, fails now and then, and sends events. Waiting ends with the attempt. An event
 * with a delay is published so long after the work, while its cause is still in flight: a crash until then means another attempt.
 */
export function simulatedHandler(body: SimulatedBody, emitter: Pick<Emitter, 'publishCaused'>): EventHandler {
  return async (event) => {
    const { workMs, errorType, sends } = outcomeOf(body, event.id, event.attempt)
    await pause(workMs, event.signal)
    if (errorType !== undefined) throw new SimulatedError({ type: errorType, message: 'simulated' })
    await Promise.all(
      sends.map(async (type) => {
        const { delayMs = 0, data = {} } = body.sends[type] ?? {}
        const caused = { type, body: filledData(data, bodyOf(event)), givenId: `${event.id}/${type}` }
        if (delayMs === 0) return event.send(caused)
        await pause(delayMs, event.signal)
        await publish(emitter, caused, event)
      }),
    )
    event.say(inWords(workMs, sends))
    return undefined
  }
}

const bodyOf = ({ id, type, envelope }: HandledEvent) => ({ id, type, body: envelope.body })

async function publish(emitter: Pick<Emitter, 'publishCaused'>, caused: CausedEvent, by: HandledEvent): Promise<void> {
  const emission = await emitter.publishCaused(caused, by)
  const problem = emission.state === 'refused' ? emission.error : emissionProblemOf(emission)
  // The runtime gives the cause up by itself where the hop limit is reached.
  if (problem !== undefined && problem.type !== 'HopLimitReached') throw new SimulatedError(problem)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, signal)
  signal.throwIfAborted()
}

const inWords = (ms: number, sends: readonly string[]): string =>
  `worked ${Math.round(ms)} ms${sends.length === 0 ? '' : ` and sends ${sends.join(', ')}`}`
