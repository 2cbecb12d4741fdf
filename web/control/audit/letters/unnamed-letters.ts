import { poisonBody } from '#contracts/faults/poison-body.ts'
import type { DeadLetter } from '#workers/broker/dead-letters.ts'
import type { JourneyRecord } from '../../journeys/journey-record.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { ReadLetters } from './compare-dead-letters.ts'
import type { DiscardedLetter } from './discards.ts'

/** Dead letters that say no identity, or none that the ledger knows. Each is the letter of one message at most. */
export class UnnamedLetterIndex {
  readonly #letters = new Map<string, DeadLetter[]>()
  /** Those that somebody discarded, which no letter represents any more. */
  readonly #discarded = new Map<string, DiscardedLetter[]>()

  constructor(ledger: Ledger, read: ReadLetters) {
    for (const [group, list] of read) {
      const unnamed = (list?.letters ?? []).filter(({ headers: { ce_id: id } }) => id === undefined || !ledger.find(id))
      if (unnamed.length > 0) this.#letters.set(group, unnamed)
      this.#discarded.set(
        group,
        (list?.discarded ?? []).filter(({ messageId }) => messageId === undefined),
      )
    }
  }

  /** Takes the letter that has the trace or the body of a message, whole or as a fault leaves it; false if there is none. */
  take(group: string, { traceparent }: Pick<JourneyRecord, 'traceparent'>, body: string | undefined): boolean {
    const letters = this.#letters.get(group) ?? []
    const bodies = body === undefined ? [] : [body, poisonBody('malformed', body)]
    const index = letters.findIndex(
      (letter) => (traceparent !== '' && letter.headers.traceparent === traceparent) || bodies.includes(letter.body),
    )
    if (index === -1) return this.#takeDiscarded(group, traceparent, bodies)
    letters.splice(index, 1)
    return true
  }

  #takeDiscarded(group: string, traceparent: string, bodies: readonly string[]): boolean {
    const discarded = this.#discarded.get(group) ?? []
    const index = discarded.findIndex((one) => one.wasOf(traceparent, bodies))
    if (index === -1) return false
    discarded.splice(index, 1)
    return true
  }
}
