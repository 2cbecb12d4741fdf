import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** A dense sequence of message ids that changes speak of. */
export interface ChangedSequence {
  /** The id of a message up to its number: `producer-1:3:order_placed:`. */
  prefix: string
  topic: string
  broker: BrokerName
  /** Lowest and highest number that is spoken of, and how many of these publishes are new. */
  low: number
  high: number
  published: number
}

/** Columns of one length, a row a change, in the order in which the ledger took them. */
export interface ChangeColumns {
  /** Milliseconds since the keyframe before; they never go down. */
  ms: Uint32Array
  /** Number of the message in its sequence. */
  seq: Uint32Array
  /** Index in `lanes`. */
  lane: Uint16Array
  /** Index in `names`: the type of a publish, the group of an obligation. */
  name: Uint16Array
  /** See `change-codes.ts`. */
  code: Uint8Array
}

/** What the ledger took between two keyframes. */
export interface Changes extends ChangeColumns {
  count: number
  lanes: readonly ChangedSequence[]
  names: readonly string[]
}

/** Bytes of one change in memory. */
export const changeBytes = 13

export const newColumns = (length: number): ChangeColumns => ({
  ms: new Uint32Array(length),
  seq: new Uint32Array(length),
  lane: new Uint16Array(length),
  name: new Uint16Array(length),
  code: new Uint8Array(length),
})

export const noChanges: Changes = { count: 0, lanes: [], names: [], ...newColumns(0) }

/** How many of the changes had been taken at `ms` after the keyframe. */
export function countUntil({ ms, count }: Pick<Changes, 'ms' | 'count'>, limit: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ms[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
