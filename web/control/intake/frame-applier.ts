import type { Logger } from 'pino'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { applyRecord, type OtherRecords } from '../journeys/apply/apply-record.ts'
import { interruptRuns } from '../journeys/apply/obligations.ts'
import type { JournalPlace } from '../journeys/place.ts'
import type { TelemetryHealth } from '../ledger/telemetry-health.ts'
import { FrameDedup } from './frame-dedup.ts'

export type FrameHead = Pick<TelemetryFrame, 'source' | 'incarnation' | 'seq'>

/** What becomes of a frame, whether it comes from a sidecar or is read again from the journal. */
export class FrameApplier {
  readonly dedup = new FrameDedup()
  readonly #parts: { context: ApplyContext; health: TelemetryHealth; log: Logger }

  constructor(parts: { context: ApplyContext; health: TelemetryHealth; log: Logger }) {
    this.#parts = parts
  }

  /** False if the frame came before. A gap in the numbers is charged to the service. */
  admit({ source, incarnation, seq }: FrameHead): boolean {
    const before = this.dedup.missing
    const isNew = this.dedup.admit(incarnation, seq)
    const change = this.dedup.missing - before
    if (change !== 0) this.#parts.health.addMissing(this.#parts.context.serviceOf(source), change)
    return isNew
  }

  /** Applies the records of a frame that arrived at `arrivedAt`, epoch milliseconds, and is at `place`. */
  apply(
    { source, incarnation }: FrameHead,
    records: readonly TelemetryRecord[],
    at: { arrivedAt: number; place: JournalPlace },
    other: OtherRecords,
  ): void {
    const { context, log } = this.#parts
    const [first] = records
    // What the former process of an instance was handling waits to be delivered again.
    if (first && context.processes.heard(source, incarnation, first.at, at.arrivedAt)) interruptRuns(context, source)
    for (const record of records) {
      context.ledger.changes.at(record.at)
      try {
        applyRecord(context, other, record, at.place)
      } catch (error) {
        // It is in the journal: a control plane that is mended applies it when it starts.
        log.error({ err: error, kind: record.kind }, 'a telemetry record could not be applied')
      }
    }
  }
}
