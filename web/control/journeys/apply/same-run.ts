import type { AttemptRecord } from '../journey-record.ts'

/** Whether two reports that a handler run began are of one run. */
export const isSameStart = (run: AttemptRecord, other: AttemptRecord): boolean =>
  run.receiveCount === other.receiveCount &&
  run.attempt === other.attempt &&
  run.instance === other.instance &&
  run.receivedUs === other.receivedUs &&
  // Two copies of a message may come in one fetch.
  run.place === other.place

/** Whether a report of an end is of this run. */
export const isSameRun = (
  run: AttemptRecord,
  { attempt, receiveCount }: Pick<AttemptRecord, 'attempt' | 'receiveCount'>,
  instance: string,
): boolean => run.receiveCount === receiveCount && run.attempt === attempt && run.instance === instance
