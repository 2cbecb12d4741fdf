import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import type { JourneyRecord } from '../journeys/journey-record.ts'
import type { BodyReader } from '../journeys/journey-view.ts'
import type { Coverage } from '../ledger/coverage.ts'

/** The ledger message by message, and what may be entered into it: for an audit. */
export interface LedgerBooks {
  context: Pick<ApplyContext, 'ledger' | 'traces' | 'hasGap'>
  coverage: Pick<Coverage, 'oldest' | 'list'>
  report(): LedgerReport
  /** Reads a body that is no longer in memory. */
  bodyOf: BodyReader
  /** How often a message was sent back to a group from its dead letters, and what was sent in place of its body. */
  resent(journey: JourneyRecord, group: string): { times: number; bodies: string[] }
  /** Delivered messages of each group whose effects the last audit looked up and found: to be set by it. */
  verified: Map<string, number>
  /** Judges now what the watermark has passed. */
  look(): void
  /** Enters decisions, into the journal first. Throws if the disk does not take them: then nothing has changed. */
  resolve(decided: readonly Resolution[]): void
}
