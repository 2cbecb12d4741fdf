import { type BrokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { chunkSize, hasBit } from './bit-plane.ts'
import { PlaneArchive } from './plane-archive.ts'
import { isComplete, newChunk, type SequenceChunk } from './sequence-chunk.ts'

/**
 * The dense sequence of one producer epoch and topic. Chunks are made when a message of theirs is first heard of and
 * dropped when all their messages are final, so that memory follows what is open, not what was published. What an audit
 * and a late delivery ask of dropped ones goes to the archives.
 */
export class Sequence {
  readonly producer: string
  readonly epoch: number
  readonly topic: string
  /** `producer:epoch:topic:`, the text of an identity up to its sequence number. */
  readonly prefix: string
  /** Where all its messages went: an epoch is one process, which has one broker. The default one until its publishes are reported. */
  broker: BrokerName = defaultBroker
  /** True after a newer epoch of the producer has begun: no more messages will be attempted here. */
  ended = false
  /** Every message up to and with this sequence number is final. */
  watermark = 0
  /** The highest sequence number that was attempted; 0 before the first. */
  highest = 0
  /** Sequence numbers that were found to be missing though their time is over: `unsent_message`. */
  readonly unsent = new Set<number>()
  /** When the last message of a chunk was reported, epoch milliseconds by its producer's clock; kept of dropped chunks too. */
  readonly reportedUntil = new Map<number, number>()
  readonly chunks = new Map<number, SequenceChunk>()
  /** Chunks above the watermark that are final. */
  readonly completed = new Set<number>()
  /** Of dropped chunks: publishes that failed, and effects by group. */
  readonly failed = new PlaneArchive()
  readonly effects = new Map<string, PlaneArchive>()
  /** Events that its messages caused: which have one, by `group type ordinal`. */
  readonly emitted = new Map<string, PlaneArchive>()
  /** Of messages up to this sequence number effects were not noted: they were settled before the ledger knew of such. */
  unreported = 0
  /** The highest sequence number that a group was handed a first time, by group and, if there is one, partition. */
  readonly handedOut = new Map<string, number>()

  constructor(producer: string, epoch: number, topic: string) {
    this.producer = producer
    this.epoch = epoch
    this.topic = topic
    this.prefix = `${producer}:${epoch}:${topic}:`
  }

  /** The chunk of a message; undefined if the message is final and its bits are no longer kept. */
  chunkFor(seq: number): SequenceChunk | undefined {
    if (seq <= this.watermark) return undefined
    const number = chunkOf(seq)
    const known = this.chunks.get(number)
    if (known) return known
    if (this.completed.has(number)) return undefined
    const chunk = newChunk(Math.min(Math.max(this.watermark - number * chunkSize, 0), chunkSize))
    this.chunks.set(number, chunk)
    return chunk
  }

  effectsOf(group: string): PlaneArchive {
    let archive = this.effects.get(group)
    if (!archive) {
      archive = new PlaneArchive()
      this.effects.set(group, archive)
    }
    return archive
  }

  /** Notes that a message has caused an event; false if it has already. */
  addEmitted(seq: number, key: string): boolean {
    let archive = this.emitted.get(key)
    if (!archive) {
      archive = new PlaneArchive()
      this.emitted.set(key, archive)
    }
    return archive.add(seq)
  }

  /** Drops the chunk of `seq` where all its messages are final, and moves the watermark. */
  settle(seq: number): void {
    const number = chunkOf(seq)
    const chunk = this.chunks.get(number)
    if (!chunk || !isComplete(chunk, this.ended)) return
    if (chunk.finalCount === chunkSize) {
      this.#drop(number, chunk)
      this.completed.add(number)
    }
    for (;;) {
      const next = Math.floor(this.watermark / chunkSize)
      if (this.completed.delete(next)) {
        this.watermark = (next + 1) * chunkSize
        continue
      }
      // The last chunk of a sequence that has ended never fills up.
      const last = this.chunks.get(next)
      if (last && isComplete(last, this.ended)) {
        this.#drop(next, last)
        this.watermark = next * chunkSize + last.finalCount
      }
      return
    }
  }

  /** Whether a consumer spoke of a message that was not reported as published. */
  isSpokenOf(seq: number): boolean {
    const index = indexInChunk(seq)
    for (const { owed } of this.chunkFor(seq)?.groups.values() ?? []) if (hasBit(owed, index)) return true
    return false
  }

  /** Sequence numbers below the highest one that were never attempted. Costs by what is not final. */
  *holes(): Generator<number> {
    const last = chunkOf(this.highest)
    for (let number = Math.floor(this.watermark / chunkSize); number <= last; number += 1) {
      const chunk = this.chunks.get(number)
      if (this.completed.has(number) || chunk?.attemptedCount === chunkSize) continue
      const end = Math.min((number + 1) * chunkSize, this.highest)
      for (let seq = Math.max(number * chunkSize, this.watermark) + 1; seq <= end; seq += 1) {
        if (!chunk || !hasBit(chunk.attempted, indexInChunk(seq))) yield seq
      }
    }
  }

  /** A newer epoch has begun. */
  end(): void {
    if (this.ended) return
    this.ended = true
    for (const number of [...this.chunks.keys()].sort((a, b) => a - b)) this.settle(number * chunkSize + 1)
  }

  #drop(number: number, chunk: SequenceChunk): void {
    this.chunks.delete(number)
    this.failed.put(number, chunk.failed)
    for (const [group, { effect }] of chunk.groups) this.effectsOf(group).put(number, effect)
  }
}

/** Number of the chunk of a sequence number, which counts from 1. */
export const chunkOf = (seq: number): number => Math.floor((seq - 1) / chunkSize)

/** Place of a sequence number within its chunk. */
export const indexInChunk = (seq: number): number => (seq - 1) % chunkSize
