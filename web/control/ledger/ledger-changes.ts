import type { obligationCounts, publishOutcomes } from './counters.ts'
import type { Sequence } from './sequence.ts'

/** How a publish, and how an obligation is counted. */
export type PublishCount = (typeof publishOutcomes)[number]
export type ObligationCount = (typeof obligationCounts)[number]

/** Called with every step of a message from one count to another, in the order in which the ledger takes them. It must not throw. */
export interface LedgerChanges {
  /** What is reported from now on is of a record of this time, epoch milliseconds. */
  at(time: number): void
  /** `from` undefined: the publish is new. */
  publish(sequence: Sequence, seq: number, type: string, from: PublishCount | undefined, to: PublishCount): void
  /** `from` undefined: the obligation is new. */
  obligation(
    sequence: Sequence,
    seq: number,
    group: string,
    from: ObligationCount | undefined,
    to: ObligationCount,
  ): void
}

const ignore = (): void => undefined

/** A listener that ignores every change. */
export const unheard: LedgerChanges = { at: ignore, publish: ignore, obligation: ignore }
