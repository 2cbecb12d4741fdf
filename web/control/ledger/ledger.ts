import { clearBit, hasBit, setBit } from './bit-plane.ts'
import { BurstTallies } from './burst-tallies.ts'
import { createUnnamedLetters, newGroupCounts, newPublishCounts, PairCounts } from './counters.ts'
import { Emissions } from './emissions.ts'
import { ActedAgain, FoundContents } from './found-contents.ts'
import { type LedgerChanges, type PublishCount, unheard } from './ledger-changes.ts'
import { ProducerEpochs } from './producer-epochs.ts'
import { indexInChunk, Sequence } from './sequence.ts'
import { groupPlanes, isAcceptedBit, isOpenBit, markFinal, reopen } from './sequence-chunk.ts'
import { type SettlementOutcome, settledCount } from './settled-count.ts'

export type LedgerOutcome = 'acked' | 'failed' | 'indeterminate' | 'recovered' | 'absent'
/** States of an obligation that is not settled. */
export type ActiveState = 'waiting' | 'handling' | 'retrying'
/** What the bits say of an obligation; `dropped`: it was settled, and its bits are no longer kept. */
export type BitState = 'none' | 'open' | 'delivered' | 'dead_lettered' | 'both' | 'lost' | 'dropped'

/**
 * Exact counts of every message ever published, at one bit per question. Each method is idempotent: it answers whether
 * something changed, and counts only then, so that a record that arrives twice changes nothing. Rules L1…Ln are in SPEC.md.
 */
export class Ledger {
  readonly publishes = new PairCounts(newPublishCounts)
  readonly groups = new PairCounts(newGroupCounts)
  readonly #sequences = new Map<string, Sequence>()
  readonly #epochs = new ProducerEpochs()
  /** Called with every step of a message. */
  changes: LedgerChanges = unheard
  /** Dead letters whose bytes were not an event, by broker and group: no identity names them. */
  readonly unnamedDeadLetters = createUnnamedLetters()
  /** Dead letters that are on their way back, and since when: `id group`, epoch milliseconds. */
  readonly redriving = new Map<string, number>()
  /** Obligations that are delivered and dead-lettered, of which nothing more is to be said: it was, or it is by right. `id group`. */
  readonly doubled = new Set<string>()
  /** Effects known only from a delivery that found them made: `id group`. */
  readonly foundOnly = new Set<string>()
  readonly actedAgain = new ActedAgain()
  readonly found = new FoundContents()
  /** Positions of the broker that were found impossible: `place group`. */
  readonly impossible = new Set<string>()
  /** Suspicions that an audit has accounted for: `kind id group`. */
  readonly excused = new Set<string>()
  /** Events that handler runs have under way. */
  readonly emissions = new Emissions()
  readonly bursts = new BurstTallies()
  #last: Sequence | undefined

  /** The sequence of an identity, made at first sight. */
  sequence(producer: string, epoch: number, topic: string): Sequence {
    const key = `${producer}:${epoch}:${topic}:`
    const known = this.#sequences.get(key)
    if (known) return known
    const sequence = new Sequence(producer, epoch, topic)
    this.restore(sequence)
    return sequence
  }

  /** Takes a sequence as it was stored. */
  restore(sequence: Sequence): void {
    this.#sequences.set(sequence.prefix, sequence)
    this.#epochs.add(sequence)
  }

  sequences(): Iterable<Sequence> {
    return this.#sequences.values()
  }

  /** The sequence and sequence number of a message id; undefined if the text is not an identity or its sequence is unknown. */
  find(id: string): { sequence: Sequence; seq: number } | undefined {
    if (this.#last && id.startsWith(this.#last.prefix)) {
      return { sequence: this.#last, seq: Number(id.slice(this.#last.prefix.length)) }
    }
    const split = id.lastIndexOf(':') + 1
    const sequence = this.#sequences.get(id.slice(0, split))
    const seq = Number(id.slice(split))
    if (!sequence || !Number.isSafeInteger(seq) || seq < 1) return undefined
    this.#last = sequence
    return { sequence, seq }
  }

  /** Sequences of `producer` that a newer epoch ended now. Only its producer begins an epoch, not whoever speaks of one. */
  beginEpoch(producer: string, epoch: number): Sequence[] {
    return this.#epochs.begin(producer, epoch)
  }

  /** The last epoch that has begun of each producer. */
  epochs(): [producer: string, epoch: number][] {
    return this.#epochs.list()
  }

  /** The publish was tried; true if that is news. */
  attempt(sequence: Sequence, seq: number, type: string): boolean {
    const chunk = sequence.chunkFor(seq)
    const index = indexInChunk(seq)
    if (!chunk || !setBit(chunk.attempted, index)) return false
    chunk.attemptedCount += 1
    chunk.highest = Math.max(chunk.highest, index)
    sequence.highest = Math.max(sequence.highest, seq)
    const counts = this.publishes.at(sequence.topic, type)
    counts.attempted += 1
    counts.open += 1
    this.changes.publish(sequence, seq, type, undefined, 'open')
    return true
  }

  /**
   * `acked` is the last word, as `failed` is; `indeterminate` and `absent` give way to every other; `recovered` gives way
   * to `acked` alone.
   */
  publishOutcome(sequence: Sequence, seq: number, type: string, outcome: LedgerOutcome): boolean {
    const chunk = sequence.chunkFor(seq)
    if (!chunk) return false
    const index = indexInChunk(seq)
    if (hasBit(chunk.acked, index) || hasBit(chunk.failed, index)) return false
    if (hasBit(chunk.recovered, index) && outcome !== 'acked') return false
    if (hasBit(chunk.absent, index) && outcome === 'indeterminate') return false
    if (!setBit(chunk[outcome], index)) return false
    const counts = this.publishes.at(sequence.topic, type)
    counts[outcome] += 1
    if (outcome === 'absent') chunk.pinned += 1
    let before: PublishCount = 'open'
    if (outcome !== 'indeterminate' && clearBit(chunk.indeterminate, index)) before = 'indeterminate'
    else if (outcome !== 'recovered' && clearBit(chunk.recovered, index)) before = 'recovered'
    else if (outcome !== 'absent' && clearBit(chunk.absent, index)) {
      before = 'absent'
      chunk.pinned -= 1
      reopen(chunk, index)
    }
    counts[before] -= 1
    this.changes.publish(sequence, seq, type, before, outcome)
    this.#finish(sequence, seq)
    return true
  }

  /** The broker has the message and the group takes its type; to be said once. True if the debt is news. */
  expect(sequence: Sequence, seq: number, group: string): boolean {
    const chunk = sequence.chunkFor(seq)
    if (!chunk) return false
    const index = indexInChunk(seq)
    const counts = this.groups.at(sequence.topic, group)
    counts.expected += 1
    if (!setBit(groupPlanes(chunk, group).owed, index)) {
      counts.unexpected -= 1
      return false
    }
    reopen(chunk, index)
    counts.owed += 1
    counts.waiting += 1
    this.changes.obligation(sequence, seq, group, undefined, 'waiting')
    return true
  }

  /** The group spoke of the message: it is owed from now on, whatever is known of its publish. */
  owe(sequence: Sequence, seq: number, group: string): boolean {
    const chunk = sequence.chunkFor(seq)
    const index = indexInChunk(seq)
    // One that failed owes nothing, even where it turns up: that is an aborted read, not an obligation.
    if (!chunk || (hasBit(chunk.final, index) && !hasBit(chunk.absent, index))) return false
    if (!setBit(groupPlanes(chunk, group).owed, index)) return false
    reopen(chunk, index)
    const counts = this.groups.at(sequence.topic, group)
    counts.owed += 1
    counts.unexpected += 1
    counts.waiting += 1
    this.changes.obligation(sequence, seq, group, undefined, 'waiting')
    return true
  }

  /** An obligation that is not settled goes from one state to another; `from` is what was counted last. */
  move(sequence: Sequence, seq: number, group: string, from: ActiveState, to: ActiveState): void {
    const planes = sequence.chunkFor(seq)?.groups.get(group)
    if (!planes || !isOpenBit(planes, indexInChunk(seq))) return
    const counts = this.groups.at(sequence.topic, group)
    counts[from] -= 1
    counts[to] += 1
    this.changes.obligation(sequence, seq, group, from, to)
  }

  /**
   * The group settled the message, which it had in `from`. One that was not known to be owed is owed by this. A message
   * that was lost and turns up after all is no longer lost. Delivered and dead-lettered at once are both noted, and counted
   * as delivered. True if that is news.
   */
  settle(sequence: Sequence, seq: number, group: string, outcome: SettlementOutcome, from: ActiveState): boolean {
    const chunk = sequence.chunkFor(seq)
    if (!chunk) return false
    const index = indexInChunk(seq)
    const planes = groupPlanes(chunk, group)
    const isNew = this.owe(sequence, seq, group)
    if (!hasBit(planes.owed, index) || (outcome === 'lost' && !isOpenBit(planes, index))) return false
    const counts = this.groups.at(sequence.topic, group)
    const active = isNew ? 'waiting' : from
    const before = isOpenBit(planes, index) ? active : settledCount(planes, index)
    if (!setBit(planes[outcome], index)) return false
    if (outcome !== 'delivered') chunk.pinned += 1
    if (outcome !== 'lost' && clearBit(planes.lost, index)) chunk.pinned -= 1
    if (outcome === 'deadLettered') counts.parked += 1
    const after = settledCount(planes, index)
    counts[before] -= 1
    counts[after] += 1
    this.changes.obligation(sequence, seq, group, before, after)
    this.#finish(sequence, seq)
    return true
  }

  /** A dead letter goes back to its group; true if the group owes an answer again. */
  redrive(sequence: Sequence, seq: number, group: string): boolean {
    const chunk = sequence.chunkFor(seq)
    const planes = chunk?.groups.get(group)
    const index = indexInChunk(seq)
    if (!chunk || !planes || !clearBit(planes.deadLettered, index)) return false
    chunk.pinned -= 1
    const counts = this.groups.at(sequence.topic, group)
    counts.parked -= 1
    if (!isOpenBit(planes, index)) {
      // It was delivered as well, so nothing is owed; what kept the chunk may have been this.
      sequence.settle(seq)
      return false
    }
    counts.deadLettered -= 1
    counts.waiting += 1
    this.changes.obligation(sequence, seq, group, 'deadLettered', 'waiting')
    reopen(chunk, index)
    return true
  }

  /**
   * The group did in the world what the message asks for, or `isFound` that it was done; false if it did so a second time. Who
   * found it may be heard before who did it.
   */
  addEffect(sequence: Sequence, seq: number, group: string, isFound: boolean): boolean {
    const key = `${sequence.prefix}${seq} ${group}`
    const isFirst = this.#markEffect(sequence, seq, group)
    if (isFirst && isFound) this.foundOnly.add(key)
    if (isFirst || isFound || this.foundOnly.delete(key)) return true
    this.actedAgain.note(key)
    return false
  }

  #markEffect(sequence: Sequence, seq: number, group: string): boolean {
    const chunk = sequence.chunkFor(seq)
    if (!chunk) return sequence.effectsOf(group).add(seq)
    if (sequence.effects.get(group)?.has(seq)) return false
    return setBit(groupPlanes(chunk, group).effect, indexInChunk(seq))
  }

  /** Marks a message that was delivered and never published, or takes that back; true if that is news. */
  markPhantom(sequence: Sequence, seq: number, isPhantom: boolean): boolean {
    const chunk = sequence.chunkFor(seq)
    if (!chunk) return false
    return isPhantom ? setBit(chunk.phantom, indexInChunk(seq)) : clearBit(chunk.phantom, indexInChunk(seq))
  }

  wasAttempted(sequence: Sequence, seq: number): boolean {
    const chunk = sequence.chunkFor(seq)
    return !chunk || hasBit(chunk.attempted, indexInChunk(seq))
  }

  /** Whether nothing about the message is open. */
  isFinal(sequence: Sequence, seq: number): boolean {
    const chunk = sequence.chunkFor(seq)
    return !chunk || hasBit(chunk.final, indexInChunk(seq))
  }

  /** Whether the broker is known to have it. */
  isAccepted(sequence: Sequence, seq: number): boolean {
    const chunk = sequence.chunkFor(seq)
    return chunk ? isAcceptedBit(chunk, indexInChunk(seq)) : !sequence.failed.has(seq)
  }

  /** Whether its publish certainly failed. */
  hasFailed(sequence: Sequence, seq: number): boolean {
    const chunk = sequence.chunkFor(seq)
    return chunk ? hasBit(chunk.failed, indexInChunk(seq)) : sequence.failed.has(seq)
  }

  stateOf(sequence: Sequence, seq: number, group: string): BitState {
    const chunk = sequence.chunkFor(seq)
    if (!chunk) return 'dropped'
    const planes = chunk.groups.get(group)
    const index = indexInChunk(seq)
    if (!planes || !hasBit(planes.owed, index)) return 'none'
    const isDead = hasBit(planes.deadLettered, index)
    if (hasBit(planes.delivered, index)) return isDead ? 'both' : 'delivered'
    if (isDead) return 'dead_lettered'
    return hasBit(planes.lost, index) ? 'lost' : 'open'
  }

  #finish(sequence: Sequence, seq: number): void {
    const chunk = sequence.chunkFor(seq)
    const index = indexInChunk(seq)
    if (chunk && (markFinal(chunk, index) || hasBit(chunk.final, index))) sequence.settle(seq)
  }
}
