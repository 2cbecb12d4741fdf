import type { StoredMessage } from '../queue-store.ts'
import type { Due } from './due-heap.ts'

/** A message in memory, shared by the queues that hold it. */
export interface LiveMessage extends StoredMessage {
  /** Queues that still hold it. At 0 nothing refers to it any more. */
  holders: number
  /** Number of the journal segment that holds its text; 0 if there is no journal. */
  segment: number
}

/**
 * One message in one queue: `ready` → (receive) `due` → (its time comes) `ready` … → `gone`. A delayed message begins
 * as `due`. `gone` ones may still be in the ring; they are skipped when their turn comes.
 */
export interface QueuedCopy extends Due {
  /** Unique in its queue: the message's `seq`, or a later number where a dead-letter queue has that one already. */
  readonly key: number
  readonly message: LiveMessage
  receiveCount: number
  firstReceivedAt: number
  deadLetterSource: string
  receivedElsewhere: number
  place: 'ready' | 'due' | 'gone'
  /** In a FIFO queue: its place in its group. */
  line: LinePlace | undefined
}

/** A message's place in the line of its group. */
export interface LinePlace {
  readonly copy: QueuedCopy
  readonly group: Group
  before: LinePlace | undefined
  after: LinePlace | undefined
}

/** The messages of one group in their order. Only what is at the front may be taken. */
export interface Group {
  readonly id: string
  first: LinePlace | undefined
  last: LinePlace | undefined
  /** Stands in the ring of groups whose first message may be visible. */
  queued: boolean
}

export function newCopy(message: LiveMessage, visibleAt: number, key = message.seq): QueuedCopy {
  return {
    key,
    message,
    visibleAt,
    receiveCount: 0,
    firstReceivedAt: 0,
    deadLetterSource: '',
    receivedElsewhere: 0,
    place: 'gone',
    heapIndex: -1,
    line: undefined,
  }
}
