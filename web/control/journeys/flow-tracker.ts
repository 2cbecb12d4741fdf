import type { JourneyRecord } from './journey-record.ts'

/**
 * What flows learn of messages. A flow is everything that follows from one first event; who follows them is `flows/`. Each
 * is said once of a message, however often its records come.
 */
export interface FlowTracker {
  /** Its publish was reported for the first time; it is not counted as open yet. */
  reported(journey: JourneyRecord): void
  /** The broker is known to have it since `at`, epoch milliseconds. */
  accepted(journey: JourneyRecord, at: number): void
  /** The broker is known not to have it. */
  refused(journey: JourneyRecord): void
  /** It was handed to a handler once more. */
  handed(journey: JourneyRecord): void
  /** A flow has come to a halt without an end, as was found at `at`, epoch milliseconds. */
  stalled(id: string, at: number): void
}

/** For labs without flows. */
export const noFlows: FlowTracker = {
  reported: ignore,
  accepted: ignore,
  refused: ignore,
  handed: ignore,
  stalled: ignore,
}

function ignore(): void {
  // What is read again was followed when it came.
}
