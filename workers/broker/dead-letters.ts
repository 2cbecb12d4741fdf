import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import type { DeadLetterMetadata } from './dead-letter-metadata.ts'

/** A message among the dead letters of a group. */
export interface DeadLetter {
  /** Names it among the group's dead letters. */
  ref: string
  body: string
  /** The body if it is not UTF-8 text. */
  bytes?: Buffer
  /** The original's headers, without the note. */
  headers: Record<string, string>
  /** Absent if the broker itself moved it there, for example SQS after too many receives. */
  note?: DeadLetterMetadata
  /** Epoch milliseconds when it came there. */
  at: number
}

/** What to send back: as it is, or with another body and headers. */
export interface RedriveRequest {
  ref: string
  body?: string
  /** Laid over the original's headers. */
  headers?: Record<string, string>
}

export type RedriveOutcome =
  /** The group has it again, and it is no longer among the dead letters. */
  | { state: 'redriven' }
  /** The group has it again; that the original was removed could not be confirmed. */
  | { state: 'copied'; error: ErrorInfo }
  /** It still is a dead letter; whether the group has a copy is not known where the broker never answered. */
  | { state: 'failed'; error: ErrorInfo }
  /** There is no such dead letter. */
  | { state: 'gone' }

export type DiscardOutcome =
  | { state: 'discarded' }
  /** It may still be a dead letter. */
  | { state: 'failed'; error: ErrorInfo }
  /** There is no such dead letter. */
  | { state: 'gone' }

/** Dead letters of every group. Each call rejects with `BrokerUnavailable` where the broker does not answer. */
export interface DeadLetters {
  /** The oldest first, at most `limit`; `more` where others are behind them. They stay, and soon others may take them again. */
  list(group: string, limit: number): Promise<{ letters: DeadLetter[]; more: boolean }>
  /** Sends each back to its group alone, which counts its attempts again; an original goes only after its copy is stored. Same order. */
  redrive(group: string, requests: readonly RedriveRequest[]): Promise<RedriveOutcome[]>
  /** Removes those that are named for good, and no other. Same order. */
  discard(group: string, refs: readonly string[]): Promise<DiscardOutcome[]>
}
