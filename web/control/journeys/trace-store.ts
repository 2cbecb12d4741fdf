import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import type { Sequence } from '../ledger/sequence.ts'
import { BodyBudget } from './body-budget.ts'
import { isAccepted, isOpenPublish, isSettled, JourneyRecord, obligationOf } from './journey-record.ts'
import { JourneySlots } from './journey-slots.ts'
import { OrderLog } from './order-log.ts'
import { chunkLength, type PackedChunk } from './packed-chunk.ts'
import { type JourneyEntry, PackedJourney, type PackedObligation, type Rehydration } from './packed-journey.ts'
import { Packing, type PackingLimits, settledLimits, usualLimits } from './packing.ts'
import type { JournalPlace } from './place.ts'
import { ReportLists, segmentsOf } from './report-list.ts'
import { SettledRing } from './settled-ring.ts'

/** Beyond this many the journey that was settled first is dropped. */
export const keptSettled = 100_000
/** Settled journeys that are kept though their publish was never reported: its telemetry may still come, or was lost. */
const keptUnpublished = 10_000
/** Log lines kept with one journey; the newest ones. */
export const keptLogLines = 50

/** Called when the journal must keep, or need no longer keep, a segment for a journey. */
export interface SegmentUse {
  retain(segment: number): void
  release(segment: number): void
}

/** All journeys of a store, to be taken back at a start. */
export interface KeptJourneys {
  /** The next place in the order. */
  next: number
  /** The oldest first. */
  chunks: readonly { number: number; packed: PackedChunk | undefined }[]
  /** Those that are objects. */
  others: readonly JourneyRecord[]
  /** Places in the order of those that wait to be dropped, the first to go first. */
  settled: Iterable<number>
  /** The same of those whose publish was never reported. */
  unpublished: readonly JourneyRecord[]
}

/**
 * Every unsettled journey and the last 100,000 settled ones. A journey is OPEN (its publish may still be answered, or a
 * group has not settled it) or SETTLED (it waits in a ring to be dropped); a redelivery of a settled one changes its
 * attempts and leaves it settled. Of many that are open and only wait, and of the settled ones but the newest, most are DORMANT: no
 * object, until somebody asks for them by name. A publish that is indeterminate or absent is not open, since nothing may be owed, but it is
 * kept: one that turns up after all is OPEN again.
 */
export class TraceStore {
  readonly slots = new JourneySlots()
  readonly order = new OrderLog()
  readonly bodies = new BodyBudget(this.order)
  /** Called when a published journey becomes open (1), or settled or forgotten (-1). */
  onOpen: ((journey: JourneyRecord, change: 1 | -1) => void) | undefined
  /** Open journeys by event type. */
  readonly openByType = new Map<string, number>()
  /** Places in the order of those that are settled. */
  readonly #ring: SettledRing<number>
  readonly #unpublished = new SettledRing<JourneyRecord>(keptUnpublished)
  readonly #segments: SegmentUse
  readonly #reportLists = new ReportLists()
  #packings: readonly Packing[] = []
  /** Where to begin to look for the oldest open journey of a group on a broker. */
  readonly #oldest = new Map<string, number>()

  constructor(segments: SegmentUse, kept = keptSettled) {
    this.#segments = segments
    this.#ring = new SettledRing(kept)
  }

  get settledCount(): number {
    return this.#ring.size
  }

  /** From now on journeys become packed, and `recall` makes them again. */
  allowPacking(rehydrate: Rehydration, limits: PackingLimits = usualLimits, ofSettled = settledLimits): void {
    this.order.rehydrate = rehydrate
    this.#packings = [new Packing(this, 'open', limits), new Packing(this, 'settled', ofSettled)]
  }

  /** Nobody holds a journey: some become packed where too many are objects. */
  rest(): void {
    for (const packing of this.#packings) packing.rest()
  }

  /** The journey; a packed one wakes. */
  get(sequence: Sequence, seq: number): JourneyRecord | undefined {
    const kept = this.slots.get(sequence, seq)
    return typeof kept === 'number' ? this.#wake(kept) : kept
  }

  ensure(sequence: Sequence, seq: number, at: number): JourneyRecord {
    const known = this.get(sequence, seq)
    if (known) return known
    const journey = new JourneyRecord(sequence, seq, at)
    this.slots.set(journey)
    return journey
  }

  /** Notes that a journal entry speaks of the journey, and that it changed. */
  touch(journey: JourneyRecord, { segment, offset }: JournalPlace): void {
    journey.revision += 1
    const { reported } = journey
    if (reported?.segment === segment && reported.offset === offset) return
    if (reported?.segment !== segment) this.#segments.retain(segment)
    journey.reported = this.#reportLists.after(reported, { segment, offset })
  }

  isOpen(journey: JourneyRecord): boolean {
    return journey.unsettledObligations > 0 || isOpenPublish(journey)
  }

  /** Brings indexes up to date after a change; `wasOpen` is what `isOpen` said before it, false for a new one. */
  changed(journey: JourneyRecord, wasOpen: boolean): void {
    const open = this.isOpen(journey)
    if (open !== wasOpen) this.#countOpen(journey, open ? 1 : -1)
    const mayTurnUp = journey.publish === 'indeterminate' || journey.publish === 'absent'
    if (!open && !journey.retired && !mayTurnUp) this.#retire(journey)
    if (open && !wasOpen)
      for (const [key, from] of this.#oldest) if (journey.order < from) this.#oldest.set(key, journey.order)
  }

  /** Gives a journey its place in the order of publishing; `wasOpen` is what `isOpen` said before that was known. */
  adopt(journey: JourneyRecord, wasOpen: boolean): void {
    this.order.append(journey)
    journey.retired = false
    if (wasOpen) this.#countOpen(journey, 1)
  }

  addLog(journey: JourneyRecord, line: LogRecord): void {
    if (!journey.logs) journey.logs = [line]
    else if (journey.logs.push(line) > keptLogLines) journey.logs.shift()
  }

  /** The longest published journey on `broker` that `group` has not settled, or undefined. */
  oldestOpen(group: string, broker: BrokerName): JourneyEntry | undefined {
    const key = `${broker} ${group}`
    const found = this.order.findOpen(
      this.#oldest.get(key) ?? 0,
      (journey) => journey.sequence.broker === broker && isOpenFor(journey, group),
    )
    this.#oldest.set(key, found?.order ?? this.order.next)
    return found
  }

  /** Those that wait to be dropped, the first to go first: places in the order of the settled, and those whose publish was never reported. */
  waiting(): { settled: number[]; unpublished: JourneyRecord[] } {
    const unpublished = this.#unpublished.list().filter(({ dropped, order }) => !dropped && order < 0)
    return { settled: this.#ring.list(), unpublished }
  }

  /** Takes journeys back as they were kept, into an empty store. What is open is not told of again: whoever counts it has its own memory. */
  restore({ next, chunks, others, settled, unpublished }: KeptJourneys): void {
    this.order.next = next
    for (const { number, packed } of chunks) if (packed) this.#restorePacked(number, packed)
    for (const journey of others) {
      this.slots.set(journey)
      for (const segment of segmentsOf(journey.reported)) this.#segments.retain(segment)
      if (journey.order < 0) continue
      this.order.put(journey)
      if (!this.isOpen(journey)) continue
      this.order.addOpen(journey, 1)
      this.#countType(journey.type, 1)
    }
    for (const order of settled) {
      const oldest = this.#ring.push(order)
      if (oldest !== undefined) this.#release(this.order.at(oldest))
    }
    for (const journey of unpublished) this.#unpublished.push(journey)
  }

  #restorePacked(number: number, packed: PackedChunk): void {
    this.order.putPacked(number, packed)
    for (let index = 0; index < chunkLength; index += 1) {
      const kind = packed.kindAt(index)
      if (!kind) continue
      this.slots.setPacked(kind.sequence, packed.data.seqs[index] ?? 0, number * chunkLength + index)
      if (kind.unsettledObligations > 0) this.#countType(kind.type, 1)
      for (const segment of segmentsOf(packed.reportedAt(index))) this.#segments.retain(segment)
    }
  }

  drop(journey: JourneyRecord): void {
    if (journey.dropped) return
    journey.dropped = true
    if (this.isOpen(journey)) this.#countOpen(journey, -1)
    this.bodies.removed(journey)
    this.#remove(journey)
  }

  #remove(entry: JourneyEntry): void {
    this.slots.delete(entry)
    if (entry.order >= 0) this.order.remove(entry)
    for (const segment of segmentsOf(entry.reported)) this.#segments.release(segment)
  }

  #wake(order: number): JourneyRecord | undefined {
    const packed = this.order.at(order)
    if (!(packed instanceof PackedJourney)) return packed
    const journey = packed.wake()
    this.order.wake(journey)
    this.slots.wake(journey)
    this.bodies.woken(journey)
    return journey
  }

  #countOpen(journey: JourneyRecord, change: 1 | -1): void {
    // A journey whose publish was not heard of has no type and no place yet.
    if (journey.order < 0) return
    this.order.addOpen(journey, change)
    this.#countType(journey.type, change)
    this.onOpen?.(journey, change)
  }

  #countType(type: string, change: 1 | -1): void {
    this.openByType.set(type, (this.openByType.get(type) ?? 0) + change)
  }

  #retire(journey: JourneyRecord): void {
    journey.retired = true
    if (journey.order >= 0) {
      const order = this.#ring.push(journey.order)
      this.#release(order === undefined ? undefined : this.order.at(order))
    } else {
      const oldest = this.#unpublished.push(journey)
      // It may have been dropped, or become known as published, since it was put there.
      if (oldest && !oldest.dropped && oldest.order < 0) this.#release(oldest)
    }
  }

  /** One that waited longest among the settled has to go, unless it is open again. */
  #release(oldest: JourneyEntry | undefined): void {
    if (oldest instanceof PackedJourney) {
      if (oldest.retired) this.#remove(oldest)
    } else if (oldest) {
      oldest.retired = false
      if (!this.isOpen(oldest)) this.drop(oldest)
    }
  }
}

/** Whether `group` has still to settle the journey. */
export function isOpenFor(journey: JourneyEntry, group: string): boolean {
  const obligation = obligationOf<PackedObligation>(journey, group)
  if (obligation) return !isSettled(obligation)
  return isAccepted(journey) && journey.owed.includes(group)
}
