import { setImmediate as breathe } from 'node:timers/promises'
import type { Difference, PublishedEvent } from '#contracts/effects/declared/declared-event.ts'
import { type EventOrder, eventOrderOf } from '#contracts/effects/event-order.ts'
import { type JourneyRecord, obligationOf, toMs } from '../../journeys/journey-record.ts'
import { type JourneyEntry, type PackedObligation, publishedOf } from '../../journeys/packed-journey.ts'
import type { Sequence } from '../../ledger/sequence.ts'
import type { LedgerBooks } from '../ledger-books.ts'

/** A message that a group delivered, as it was published. */
export interface PublishedMessage {
  sequence: Sequence
  seq: number
  event: PublishedEvent
  order: EventOrder
  /** Epoch milliseconds at which it was published. */
  at: number
  /** What somebody sent to the group in place of its body. */
  edits(): string[]
}

/** What is done with a message: it is read or passed over, or the walk ends before it. */
export type Choice = 'take' | 'pass' | 'end'

/** Messages at a time. Between two of them others have their turn. */
const batchSize = 200
/** Messages that are passed over without a pause. */
const passedAtMost = 10_000

/**
 * Kept messages that `group` delivered and whose body is known, the newest first. Each is read once; of one that is passed over the body is
 * not looked for.
 */
export async function* deliveredTo(
  group: string,
  books: LedgerBooks,
  choose: (message: Pick<JourneyRecord, 'sequence' | 'seq'>) => Choice,
  signal: AbortSignal,
): AsyncGenerator<PublishedMessage[]> {
  const { order } = books.context.traces
  for (let before: number | undefined = order.next; before !== undefined; ) {
    const entries: JourneyEntry[] = []
    let passed = 0
    let isOver = false
    before = order.walkBack(before, false, (entry) => {
      passed += 1
      if (obligationOf<PackedObligation>(entry, group)?.state === 'delivered') {
        const choice = choose(entry)
        isOver = choice === 'end'
        if (choice === 'take') entries.push(entry)
      }
      return !isOver && entries.length < batchSize && passed < passedAtMost
    })
    const messages = entries.flatMap((entry) => publishedMessage(publishedOf(entry), group, books) ?? [])
    if (messages.length > 0) yield messages
    if (isOver) return
    await breathe(undefined, { signal })
  }
}

/** A message as it was published; undefined if its body is no longer kept. */
export function publishedMessage(
  journey: JourneyRecord,
  group: string,
  books: LedgerBooks,
): PublishedMessage | undefined {
  const { sequence, seq, id, type, time } = journey
  const body = journey.order < 0 ? undefined : (journey.body ?? books.bodyOf(journey))
  if (body === undefined) return undefined
  return {
    ...{ sequence, seq, event: { id, type, body }, order: eventOrderOf({ id, time }) },
    at: toMs(journey, journey.attemptedUs),
    edits: () => books.resent(journey, group).bodies,
  }
}

/** How an effect differs from its event, and whether it says what somebody sent in place of that. */
export function against(
  { event, edits }: PublishedMessage,
  compare: (event: PublishedEvent) => Difference[],
): { differences: Difference[]; isExplained: boolean } {
  const differences = compare(event)
  const isExplained = differences.length > 0 && edits().some((body) => compare({ ...event, body }).length === 0)
  return { differences, isExplained }
}
