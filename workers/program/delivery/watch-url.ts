import { connect } from 'node:net'
import { AdvisedError } from '#workers/runtime/consume/retry-advice.ts'
import type { WorkerProcess } from '#workers/runtime/worker-face.ts'

/** Pauses between two tries of an address that nobody answers at, in milliseconds; each is twice the one before it. */
const [firstPauseMs, longestPauseMs] = [500, 10_000]
/** How long a connection may take, in milliseconds. */
const connectMs = 2_000
/** How long it has to stay open, in milliseconds: the link's proxy takes it before it has one to the program, and resets it if there is none. */
const standsMs = 1_000

/** Whether a program that runs elsewhere answers. */
export interface UrlWatch {
  /** Called after every call that was answered. */
  answered(): void
  /** Called after every call that was not, with why; gives what that is, as far as is known: a connection that the link's proxy resets was never one. */
  failed(trouble: AdvisedError): AdvisedError
  close(): void
}

/**
 * ANSWERS → TROUBLED (a call was not answered) → ANSWERS; ANSWERS or TROUBLED → AWAY (nobody takes connections there: it is tried again,
 * also if no event comes, later each time) → ANSWERS. The address is tried at the start, and whenever a connection was closed, one try at a time. Its path is named nowhere: it
 * may be a secret.
 */
export function watchUrl({ log, setState }: Pick<WorkerProcess, 'log' | 'setState'>, url: URL): UrlWatch {
  const place = url.origin
  let trouble: string | undefined
  let away: { since: number } | undefined
  let pauseMs = firstPauseMs
  let timer: NodeJS.Timeout | undefined
  let looking = false
  let closed = false

  function answers(): void {
    clearTimeout(timer)
    timer = undefined
    pauseMs = firstPauseMs
    if (trouble === undefined) return
    trouble = undefined
    away = undefined
    log.info(`${place} answers again`)
    setState({ state: 'running' })
  }

  function isTroubled(why: string): void {
    if (trouble === undefined) log.warn(`${place} does not answer: ${why}`)
    trouble = why
  }

  function isAway(reason: string): void {
    const why = inWords(reason)
    isTroubled(why)
    away ??= { since: Date.now() }
    if (timer !== undefined || closed) return
    timer = setTimeout(() => void look(), pauseMs)
    setState({
      ...{ state: 'running', detail: `${place} does not answer: ${why}` },
      away: { ...away, nextTryAt: Date.now() + pauseMs },
    })
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }

  async function look(): Promise<void> {
    looking = true
    const why = await connectionTrouble(url)
    looking = false
    timer = undefined
    if (closed) return
    if (why === undefined) answers()
    else isAway(why)
  }

  /** Whether a call failed since nobody is there. One who takes connections is not taken for better than that: the next call shows. */
  async function lookForTrouble(): Promise<void> {
    if (looking) return
    looking = true
    const why = await connectionTrouble(url)
    looking = false
    if (!closed && trouble !== undefined && why !== undefined) isAway(why)
  }

  void look()
  return {
    answered() {
      if (!closed) answers()
    },
    failed(error) {
      if (closed) return error
      if (error.name === 'ProgramUnreachable') isAway(error.message)
      else {
        if (trouble === undefined) {
          isTroubled(error.message)
          setState({ state: 'running', detail: `${place} does not answer: ${error.message}` })
        }
        // A program that is there may close one connection over an event, and be gone at the next.
        if (error.name === 'ConnectionClosed' && away === undefined) void lookForTrouble()
      }
      const isNobody = error.name === 'ProgramUnreachable' || (error.name === 'ConnectionClosed' && away !== undefined)
      return isNobody
        ? new AdvisedError('ProgramUnreachable', `${place} does not answer: ${inWords(error.message)}`)
        : error
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** The address in a reason may be that of the link's proxy, which knows no other way to say that it has no connection than a reset. */
const inWords = (reason: string): string =>
  /\bECONN(?:RESET|REFUSED)\b/.test(reason)
    ? 'connections are refused or cut'
    : reason.replace(/ (?:127\.0\.0\.1|::1):\d+$/, '')

/** Why no connection can be made; undefined if one can. */
function connectionTrouble(url: URL): Promise<string | undefined> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  return new Promise((resolve) => {
    const socket = connect(port, url.hostname.replace(/^\[|\]$/g, ''))
    let timer = setTimeout(() => end(`no connection within ${connectMs} ms`), connectMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      timer = setTimeout(() => end(undefined), standsMs)
    })
    // Who ends it in good order is there.
    socket.once('end', () => end(undefined))
    socket.once('error', (error) => end(error.message))
    socket.resume()
    function end(why: string | undefined): void {
      clearTimeout(timer)
      resolve(why)
      socket.destroy()
    }
  })
}
