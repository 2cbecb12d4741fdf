import type { DeclarationChange } from '../queue-store.ts'
import type { LiveMessage } from './copy.ts'
import type { OnceEntry } from './once-table.ts'

/** A receive that can be repeated, as text, and until when. */
export interface KeptAttempt {
  text: string
  /** Epoch milliseconds. */
  until: number
}

/** A message on its way in: the queues by number, each with the moment at which the message is visible there. */
export interface Accepted {
  message: LiveMessage
  legs: { queue: number; visibleAt: number }[]
  /** Deduplication ids that it uses up; absent if none. */
  uses?: OnceUse[]
}

/** A deduplication id of a queue, by number, or of a topic, by scope. */
export interface OnceUse {
  owner: number | string
  key: string
  entry: OnceEntry
}

/**
 * What the memory store reports of every change, in the order in which it happens. Everything but `accept` and `declare`
 * has already happened in memory when the log is called.
 */
export interface ChangeLog {
  /** `apply` runs once the messages are written, and not at all where the promise rejects with `StoreUnavailable`. */
  accept(accepted: Accepted[], apply: () => void): Promise<void>
  /** Writes at once, after everything reported before; throws `StoreUnavailable` without having called `apply`. */
  declare(changes: NumberedChange[], apply: () => void): void
  /** Not waited for: a crash in the same turn may forget it, and the message is visible early, once. */
  received(queue: number, visibleAt: number, at: number, keys: number[]): void
  deleted(queue: number, keys: number[]): Promise<void>
  visibilityChanged(queue: number, changes: { key: number; visibleAt: number }[]): Promise<void>
  /** Moved to a dead-letter queue, visible there at once and never received. `key` there may be another one. */
  moved(from: number, to: number, key: number, newKey: number): void
  /** Taken out of one queue and put into another as `message`, which has another id, time and number and the same text. */
  transferred(from: number, to: number, key: number, message: LiveMessage, old: LiveMessage): Promise<void>
  /** Resolves once it is written, and with it the receive that it is of. */
  attempted(id: string, attempt: KeptAttempt): Promise<void>
  /** Writes and applies everything reported so far; throws `StoreUnavailable`. */
  flush(): void
  purged(queue: number): void
  reset(): void
  /** No queue holds the message any more, or the deduplication id has had its time. */
  released(held: LiveMessage | OnceEntry): void
  close(): Promise<void>
}

/** A declaration as logged: queues carry their number. */
export type NumberedChange = { change: DeclarationChange; queueNumber: number }

const done = Promise.resolve()

/** Keeps nothing: what is in memory is all there is. */
export const noLog: ChangeLog = {
  accept(_accepted, apply) {
    apply()
    return done
  },
  declare: (_changes, apply) => apply(),
  received() {},
  deleted: () => done,
  visibilityChanged: () => done,
  moved() {},
  transferred: () => done,
  attempted: () => done,
  flush() {},
  purged() {},
  reset() {},
  released() {},
  close: () => done,
}
