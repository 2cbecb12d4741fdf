import type { JourneyRecord } from '../journey-record.ts'
import type { PackedChunkData } from '../packed-chunk.ts'
import type { PackedKind } from '../packed-journey.ts'

/** Of this shape; a start that finds another reads the journal instead. */
export const savedFormat = 1

/**
 * The journeys of a checkpoint as plain data: those that only wait, or are settled, in the arrays that they are packed in, the others
 * whole but for their bodies, which the journal has. docs/adr/0022-state-store.md
 */
export interface SavedJourneys {
  format: typeof savedFormat
  /** Sequences by the text of an id up to its sequence number; `sequence` below is a place in it. */
  sequences: string[]
  /** The next place in the order of publishing. */
  next: number
  chunks: { number: number; packed: SavedChunk | undefined }[]
  others: SavedJourney[]
  /** Places in the order of those that wait to be dropped, the first to go first. */
  settled: Float64Array
  /** Places in `others` of those that wait so and whose publish was never reported. */
  unpublished: number[]
  /** Events that may have no cause: id and group of the cause. */
  uncaused: [id: string, group: string][]
}

export interface SavedChunk extends Omit<PackedChunkData, 'kinds'> {
  kinds: SavedKind[]
}

export interface SavedKind extends Omit<PackedKind, 'sequence'> {
  sequence: number
}

/** Fields that are added to a journey later take what a new one has. */
export interface SavedJourney extends Omit<JourneyRecord, 'id' | 'sequence' | 'reported' | 'unread' | 'dropped'> {
  sequence: number
  /** Segment and offset of each entry that tells of it, the first one first. */
  places: number[]
}
