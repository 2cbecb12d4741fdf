import { createShortMemory } from '#monitoring/short-memory.ts'

/** Runs, and traces, that are remembered; the oldest are forgotten first. */
const remembered = 50_000
/** Messages of one trace that are updated when something comes for it. */
const messagesMax = 100

/** Runs of programs that began: whose spans the control plane expects. */
export class StartedRuns {
  readonly #messages = createShortMemory<string>(remembered)
  readonly #traces = createShortMemory<string[]>(remembered)

  /** `spanId`: of the run; `traceId`: of its message, undefined if it is not known. */
  add(spanId: string, messageId: string, traceId: string | undefined): void {
    this.#messages.set(spanId, messageId)
    if (traceId === undefined) return
    const messages = this.#traces.get(traceId)
    if (messages === undefined) this.#traces.set(traceId, [messageId])
    else if (messages.length < messagesMax && !messages.includes(messageId)) messages.push(messageId)
  }

  /** The id of the message that the handler run of this span handles. */
  messageOf(spanId: string): string | undefined {
    return this.#messages.get(spanId)
  }

  messagesOfTrace(traceId: string): readonly string[] {
    return this.#traces.get(traceId) ?? []
  }

  /** Whether a span is a run of another message than this one. */
  isOther(messageId: string): (spanId: string) => boolean {
    return (spanId) => {
      const of = this.#messages.get(spanId)
      return of !== undefined && of !== messageId
    }
  }
}
