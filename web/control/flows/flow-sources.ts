import type { JourneyRecord } from '../journeys/journey-record.ts'

/** What a flow book asks of the ledger and the journeys, and what it reports to them. */
export interface FlowSources {
  /** The journey of a message; undefined if it is not kept. */
  find(id: string): JourneyRecord | undefined
  /** Whether a journey is counted as open. */
  isOpen(journey: JourneyRecord): boolean
  /** Whether the publish of a message was reported. */
  wasReported(id: string): boolean
  raise(name: 'stalled_flow' | 'conflicting_outcomes', id: string, at: number): void
  retract(name: 'stalled_flow', id: string): void
  /** A flow has ended for the first time; not called while the journal is read again. */
  ended?: (flow: string, by: string, tookMs: number) => void
  /** Epoch milliseconds. */
  now(): number
}
