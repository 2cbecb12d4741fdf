import { clearBit, hasBit, setBit } from './bit-plane.ts'
import { newGroupCounts, newPublishCounts, PairCounts } from './counters.ts'
import { indexInChunk, Lane } from './lane.ts'
import { groupPlanes, markFinal } from './lane-chunk.ts'

export type PublishOutcome = 'acked' | 'failed' | 'indeterminate' | 'recovered'
export type SettlementOutcome = 'delivered' | 'deadLettered'

/**
 * Exact counts of every message ever published, at one bit per question. Each method is idempotent: it answers whether
 * something changed, and counts only then, so that a record that arrives twice changes nothing.
 */
export class Ledger {
  readonly publishes = new PairCounts(newPublishCounts)
  readonly groups = new PairCounts(newGroupCounts)
  readonly #lanes = new Map<string, Lane>()
  /** Lanes by producer, to end those of former epochs. */
  readonly #byProducer = new Map<string, { epoch: number; lanes: Lane[] }>()
  #last: Lane | undefined

  /** The lane of an identity, made at first sight. */
  lane(producer: string, epoch: number, topic: string): Lane {
    const key = `${producer}:${epoch}:${topic}:`
    const known = this.#lanes.get(key)
    if (known) return known
    const lane = new Lane(producer, epoch, topic)
    this.restore(lane)
    return lane
  }

  /** Takes a lane as it was stored. */
  restore(lane: Lane): void {
    this.#lanes.set(lane.prefix, lane)
    const owner = this.#byProducer.get(lane.producer)
    if (owner) {
      owner.lanes.push(lane)
      owner.epoch = Math.max(owner.epoch, lane.epoch)
      if (lane.epoch < owner.epoch) lane.end()
    } else {
      this.#byProducer.set(lane.producer, { epoch: lane.epoch, lanes: [lane] })
    }
  }

  lanes(): Iterable<Lane> {
    return this.#lanes.values()
  }

  /** The lane and sequence number of a message id; undefined where the text is no identity or its lane is unknown. */
  find(id: string): { lane: Lane; seq: number } | undefined {
    if (this.#last && id.startsWith(this.#last.prefix)) {
      return { lane: this.#last, seq: Number(id.slice(this.#last.prefix.length)) }
    }
    const split = id.lastIndexOf(':') + 1
    const lane = this.#lanes.get(id.slice(0, split))
    const seq = Number(id.slice(split))
    if (!lane || !Number.isSafeInteger(seq) || seq < 1) return undefined
    this.#last = lane
    return { lane, seq }
  }

  /** Lanes of `producer` that a newer epoch ended now. */
  beginEpoch(producer: string, epoch: number): Lane[] {
    const owner = this.#byProducer.get(producer)
    if (!owner || owner.epoch >= epoch) return []
    owner.epoch = epoch
    const ended = owner.lanes.filter((lane) => !lane.ended && lane.epoch < epoch)
    for (const lane of ended) lane.end()
    return ended
  }

  attempt(lane: Lane, seq: number, type: string): boolean {
    const chunk = lane.chunkFor(seq)
    const index = indexInChunk(seq)
    if (!chunk || !setBit(chunk.attempted, index)) return false
    chunk.attemptedCount += 1
    chunk.highest = Math.max(chunk.highest, index)
    this.publishes.at(lane.topic, type).attempted += 1
    return true
  }

  /** `acked` is the last word; `indeterminate` gives way to every other; `recovered` gives way to `acked` alone. */
  publishOutcome(lane: Lane, seq: number, type: string, outcome: PublishOutcome): boolean {
    const chunk = lane.chunkFor(seq)
    if (!chunk) return false
    const index = indexInChunk(seq)
    if (hasBit(chunk.acked, index) || hasBit(chunk.failed, index)) return false
    if (hasBit(chunk.recovered, index) && outcome !== 'acked') return false
    if (!setBit(chunk[outcome], index)) return false
    const counts = this.publishes.at(lane.topic, type)
    counts[outcome] += 1
    if (outcome !== 'indeterminate' && clearBit(chunk.indeterminate, index)) counts.indeterminate -= 1
    if (outcome !== 'recovered' && clearBit(chunk.recovered, index)) counts.recovered -= 1
    this.#finish(lane, seq)
    return true
  }

  /** The message is owed to `group` from now on. */
  owe(lane: Lane, seq: number, group: string): boolean {
    const chunk = lane.chunkFor(seq)
    if (!chunk || hasBit(chunk.final, indexInChunk(seq))) return false
    if (!setBit(groupPlanes(chunk, group).owed, indexInChunk(seq))) return false
    this.groups.at(lane.topic, group).owed += 1
    return true
  }

  /** The group settled the message; the first settlement counts. One that was not known to be owed is owed by this. */
  settle(lane: Lane, seq: number, group: string, outcome: SettlementOutcome): boolean {
    const chunk = lane.chunkFor(seq)
    if (!chunk) return false
    const index = indexInChunk(seq)
    const planes = groupPlanes(chunk, group)
    if (hasBit(planes.delivered, index) || hasBit(planes.deadLettered, index)) return false
    this.owe(lane, seq, group)
    if (!hasBit(planes.owed, index)) return false
    setBit(planes[outcome], index)
    this.groups.at(lane.topic, group)[outcome] += 1
    this.#finish(lane, seq)
    return true
  }

  wasAttempted(lane: Lane, seq: number): boolean {
    const chunk = lane.chunkFor(seq)
    return !chunk || hasBit(chunk.attempted, indexInChunk(seq))
  }

  /** Whether nothing about the message is open. */
  isFinal(lane: Lane, seq: number): boolean {
    const chunk = lane.chunkFor(seq)
    return !chunk || hasBit(chunk.final, indexInChunk(seq))
  }

  isSettled(lane: Lane, seq: number, group: string): boolean {
    const chunk = lane.chunkFor(seq)
    const planes = chunk?.groups.get(group)
    const index = indexInChunk(seq)
    return !chunk || (planes !== undefined && (hasBit(planes.delivered, index) || hasBit(planes.deadLettered, index)))
  }

  #finish(lane: Lane, seq: number): void {
    const chunk = lane.chunkFor(seq)
    if (chunk && markFinal(chunk, indexInChunk(seq))) lane.settle(seq)
  }
}
