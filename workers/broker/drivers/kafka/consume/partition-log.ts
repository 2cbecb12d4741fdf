import type { Delivery, Settlement } from '../../../broker.ts'

/** A record that was fetched and is not known to be committed. */
export interface FetchedRecord {
  readonly log: PartitionLog
  readonly offset: number
  /** Tells it from another record at the same offset, where the topic was deleted and made again. */
  readonly stamp: string
  delivery: Delivery
  /**
   * UNDECIDED: it is not known yet whether the group is owed it. READY → HANDLING → STORING a copy elsewhere → SETTLED. WAITING: READY
   * once `at` has come. WITHHELD: handled, and not to be committed.
   */
  state: 'undecided' | 'ready' | 'waiting' | 'handling' | 'storing' | 'withheld' | 'settled'
  /** When it was fetched, or when it may be handled again. Epoch milliseconds. */
  at: number
  /** What became of it; absent if the group was never owed it. */
  settlement?: Settlement
}

/** What a member has in flight of one partition. Only a run without gaps of settled records from the start may be committed. */
export interface PartitionLog {
  readonly topic: string
  readonly partition: number
  /** Fetched and not settled, or settled behind one that is not; by offset. */
  taken: FetchedRecord[]
  /** Those that may be handled now, by offset. */
  ready: FetchedRecord[]
  /** Settled, and waiting for the commit that covers them. */
  covered: FetchedRecord[]
  /** How many of `taken` are still to be handled. */
  open: number
  /** When a settlement was withheld last; 0 for never. Epoch milliseconds. */
  withheldAt: number
  /** The next offset to take; undefined before the first. */
  next: number | undefined
  /** What this member has committed. */
  committed: number | undefined
  /** A batch of it is with a handler: the next one waits, so that a partition stays in order. */
  busy: boolean
  /** In-place retry: nothing of it is handled before. Epoch milliseconds. */
  holdUntil: number
  paused: boolean
  /** FetchedRecord away: whatever is still in flight is another member's now. */
  lost: boolean
}

export const createPartitionLog = (topic: string, partition: number): PartitionLog => ({
  ...{ topic, partition, taken: [], ready: [], covered: [], next: undefined, committed: undefined },
  ...{ open: 0, withheldAt: 0, busy: false, holdUntil: 0, paused: false, lost: false },
})

/** The offset that may be committed: everything before it is settled. Undefined while nothing was taken. */
export const settledUpTo = (log: PartitionLog): number | undefined => log.taken[0]?.offset ?? log.next

/** Whether there is something to commit. */
export const isDirty = (log: PartitionLog): boolean => {
  const upTo = settledUpTo(log)
  return !log.lost && upTo !== undefined && log.covered.length > 0 && upTo !== log.committed
}

/** Marks a record as settled and moves what is now settled without a gap to `covered`. */
export function markSettled(taken: FetchedRecord, settlement: Settlement | undefined): void {
  const { log } = taken
  taken.state = 'settled'
  log.open -= 1
  if (settlement) taken.settlement = settlement
  let count = 0
  while (log.taken[count]?.state === 'settled') count += 1
  if (count > 0) log.covered.push(...log.taken.splice(0, count))
}

/** It is not committed: what follows in its partition cannot be committed either, until it is read again. */
export function markWithheld(taken: FetchedRecord, at: number): void {
  taken.state = 'withheld'
  taken.log.open -= 1
  taken.log.withheldAt = at
}

/** Puts a record back in its place among those that may be handled. */
export function putBack(taken: FetchedRecord): void {
  taken.state = 'ready'
  const { ready } = taken.log
  const index = ready.findIndex(({ offset }) => offset > taken.offset)
  if (index < 0) ready.push(taken)
  else ready.splice(index, 0, taken)
}

/** How a fetched record relates to what was taken before: `again` after a rebalance, `other` where the log was made again. */
export function compareWithLog(log: PartitionLog, offset: number, stamp: string): 'new' | 'again' | 'other' {
  if (log.next === undefined || offset >= log.next) return 'new'
  const known =
    log.covered.find((taken) => taken.offset === offset) ?? log.taken.find((taken) => taken.offset === offset)
  return known?.stamp === stamp ? 'again' : 'other'
}
