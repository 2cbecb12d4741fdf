import { scopeAt } from '../deduplication-scope.ts'
import { type AcceptOutcome, type NewMessage, StoreUnavailable } from '../queue-store.ts'
import type { Accepted, OnceUse } from './change-log.ts'
import type { LiveMessage } from './copy.ts'
import type { MemoryQueue } from './memory-queue.ts'
import type { MemoryState } from './memory-state.ts'
import type { OnceEntry, OnceTable } from './once-table.ts'

/** Bytes of heap that a message takes beside its texts, with its places in two queues, as measured. */
const messageOverhead = 1_200
/** The same of a deduplication id. */
const onceOverhead = 300

export interface Entered {
  accepted: Accepted[]
  outcomes: AcceptOutcome[]
  /** One of them repeats a message that may not be written yet. */
  repeatsPending: boolean
}

/** The door of the memory store: numbers what comes in, keeps out what repeats and what does not fit. */
export class QueueIntake {
  private readonly state: MemoryState
  private readonly maximumRetained: number

  constructor(state: MemoryState, maximumRetained: number) {
    this.state = state
    this.maximumRetained = maximumRetained
  }

  /** Deduplication ids are used up at once, so that two sends of one turn are distinguished; see `withdraw`. */
  enter(messages: NewMessage[], now: number): Entered {
    const entered: Entered = { accepted: [], outcomes: [], repeatsPending: false }
    for (const message of messages) {
      this.refuseWhatDoesNotFit(message)
      this.enterOne(message, now, entered)
    }
    return entered
  }

  /** Gives deduplication ids back: the messages could not be written. */
  withdraw(accepted: Accepted[]): void {
    for (const { uses = [] } of accepted) {
      for (const { owner, key, entry } of uses) this.tableOf(owner)?.withdraw(key, entry)
    }
  }

  private enterOne(incoming: NewMessage, now: number, entered: Entered): void {
    const { id, legs, once } = incoming
    const uses: OnceUse[] = []
    const seq = this.state.nextSeq
    if (once !== undefined) {
      const known = this.state.onceOf(once.scope).find(once.id, now)
      if (known !== undefined && known.token !== once.token) {
        this.repeat({ ...known, id: known.token }, entered)
        return
      }
      if (known === undefined)
        uses.push({ owner: once.scope, key: once.id, entry: { segment: 0, token: once.token, id, seq, at: now } })
    }
    const numbered: Accepted['legs'] = []
    let repeated: OnceEntry | undefined
    for (const leg of legs) {
      const queue = this.state.byName.get(leg.queue)
      if (queue === undefined) continue
      if (queue.once !== undefined) {
        const key = onceKey(queue, incoming, now)
        const known = queue.once.find(key, now)
        if (known !== undefined) {
          repeated = known
          continue
        }
        uses.push({ owner: queue.number, key, entry: { segment: 0, token: id, id, seq, at: now } })
      }
      numbered.push({ queue: queue.number, visibleAt: now + (leg.delayMs ?? queue.definition.settings.delayMs) })
    }
    if (numbered.length === 0 && repeated !== undefined && once === undefined) {
      this.repeat(repeated, entered)
      return
    }
    this.state.nextSeq++
    entered.outcomes.push({ id, seq, repeated: false })
    for (const use of uses) {
      const table = this.tableOf(use.owner)
      if (table !== undefined) this.state.remember(table, use.key, use.entry)
    }
    if (numbered.length === 0 && uses.length === 0) return
    const message = liveMessage(incoming, seq, now)
    entered.accepted.push(uses.length === 0 ? { message, legs: numbered } : { message, legs: numbered, uses })
  }

  private repeat(known: OnceEntry, entered: Entered): void {
    entered.outcomes.push({ id: known.id, seq: known.seq, repeated: true })
    entered.repeatsPending ||= known.segment === 0
  }

  private tableOf(owner: number | string): OnceTable | undefined {
    return typeof owner === 'string' ? this.state.onceOf(owner) : this.state.byNumber.get(owner)?.once
  }

  private refuseWhatDoesNotFit({ body, attributes }: NewMessage): void {
    const { retainedCharacters, retainedMessages, remembered } = this.state
    const size = body.length + attributes.length
    const held = retainedCharacters + (retainedMessages + 1) * messageOverhead + remembered * onceOverhead
    if (size + held <= this.maximumRetained) return
    throw new StoreUnavailable(
      `the queues hold ${retainedMessages} messages, as many as fit the memory; consume or purge some, ` +
        'or start node with a larger --max-old-space-size',
    )
  }
}

/** Field by field: copying what is left of an object is several times slower, and this is done for each message. */
const liveMessage = (incoming: NewMessage, seq: number, sentAt: number): LiveMessage => ({
  seq,
  sentAt,
  id: incoming.id,
  body: incoming.body,
  attributes: incoming.attributes,
  traceHeader: incoming.traceHeader,
  groupId: incoming.groupId,
  deduplicationId: incoming.deduplicationId,
  md5OfBody: incoming.md5OfBody,
  md5OfAttributes: incoming.md5OfAttributes,
  plain: incoming.plain === true,
  holders: 0,
  segment: 0,
})

/** What must not come twice within a queue. */
export const onceKey = (
  queue: MemoryQueue,
  message: { groupId: string; deduplicationId: string },
  now: number,
): string =>
  scopeAt(queue.definition.settings.fifo, now) === 'group'
    ? `${message.groupId}\n${message.deduplicationId}`
    : message.deduplicationId

/** When the first of some accepted messages is visible, by number of the queue. */
export function soonestByQueue(accepted: Accepted[]): Map<number, number> {
  const soonest = new Map<number, number>()
  for (const { legs } of accepted) {
    for (const { queue, visibleAt } of legs) {
      const known = soonest.get(queue)
      if (known === undefined || visibleAt < known) soonest.set(queue, visibleAt)
    }
  }
  return soonest
}
