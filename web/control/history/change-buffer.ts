import type { LedgerChanges, ObligationCount, PublishCount } from '../ledger/ledger-changes.ts'
import type { Sequence } from '../ledger/sequence.ts'
import { newPublish, obligationCode, publishCode } from './change-codes.ts'
import { type ChangeColumns, type ChangedSequence, type Changes, newColumns } from './changes.ts'

/** Changes that are kept between two keyframes: 13 MB of them. */
export const mostChanges = 1_000_000
const firstLength = 4_096
/** Sequences and names are numbered with 16 bits. */
const mostNames = 65_535

/**
 * Notes what the ledger takes since the last keyframe. Its times never go down, and never past the clock: each place in it is a state
 * that the ledger was in, and a record that arrives late counts from when it is known. Past `most` changes it notes no more and says so.
 */
export class ChangeBuffer implements LedgerChanges {
  /** Changes since the last cut that found no room. */
  dropped = 0
  readonly #now: () => number
  readonly #most: number
  #columns: ChangeColumns = newColumns(firstLength)
  #count = 0
  #lanes: ChangedSequence[] = []
  #names: string[] = []
  #laneNumbers = new Map<Sequence, number>()
  #nameNumbers = new Map<string, number>()
  /** Of the keyframe before, epoch milliseconds. */
  #begin: number
  /** Of the last change, epoch milliseconds. */
  #last: number
  #limit: number

  constructor(now: () => number, most = mostChanges) {
    this.#now = now
    this.#most = most
    this.#begin = now()
    this.#last = this.#begin
    this.#limit = this.#begin
  }

  at(time: number): void {
    if (time <= this.#last) return
    if (time > this.#limit) this.#limit = this.#now()
    this.#last = Math.max(this.#last, Math.min(time, this.#limit))
  }

  publish(sequence: Sequence, seq: number, type: string, from: PublishCount | undefined, to: PublishCount): void {
    if (from !== to) this.#add(sequence, seq, type, publishCode(from, to))
  }

  obligation(
    sequence: Sequence,
    seq: number,
    group: string,
    from: ObligationCount | undefined,
    to: ObligationCount,
  ): void {
    if (from !== to) this.#add(sequence, seq, group, obligationCode(from, to))
  }

  /** What was noted since the last keyframe, not copied; valid until the next change. */
  get changes(): Changes {
    return { count: this.#count, lanes: this.#lanes, names: this.#names, ...this.#columns }
  }

  /** Milliseconds of the last change or keyframe: the next keyframe is not before it. */
  get last(): number {
    return this.#last
  }

  /** Takes out what was noted; what is noted from now on is after the keyframe of `at`, epoch milliseconds. */
  cut(at: number): Changes {
    const count = this.#count
    const { ms, seq, lane, name, code } = this.#columns
    const taken: Changes = {
      ...{ count, lanes: this.#lanes, names: this.#names },
      ...{ ms: ms.slice(0, count), seq: seq.slice(0, count), lane: lane.slice(0, count) },
      ...{ name: name.slice(0, count), code: code.slice(0, count) },
    }
    this.#count = 0
    this.dropped = 0
    this.#lanes = []
    this.#names = []
    this.#laneNumbers = new Map()
    this.#nameNumbers = new Map()
    this.#begin = at
    this.#last = at
    this.#limit = at
    return taken
  }

  #add(sequence: Sequence, seq: number, name: string, code: number): void {
    const index = this.#count
    const laneNumber = this.#laneOf(sequence)
    const nameNumber = this.#nameOf(name)
    if (index >= this.#most || laneNumber > mostNames || nameNumber > mostNames) {
      this.dropped += 1
      return
    }
    if (index === this.#columns.ms.length) this.#grow()
    const columns = this.#columns
    columns.ms[index] = Math.ceil(this.#last - this.#begin)
    columns.seq[index] = seq
    columns.lane[index] = laneNumber
    columns.name[index] = nameNumber
    columns.code[index] = code
    this.#count = index + 1
    const lane = this.#lanes[laneNumber]
    if (!lane) return
    if (seq < lane.low) lane.low = seq
    if (seq > lane.high) lane.high = seq
    if (code === newPublish) lane.published += 1
  }

  #laneOf(sequence: Sequence): number {
    let number = this.#laneNumbers.get(sequence)
    if (number === undefined) {
      number = this.#lanes.length
      const { prefix, topic, broker } = sequence
      this.#lanes.push({ prefix, topic, broker, low: Number.MAX_SAFE_INTEGER, high: 0, published: 0 })
      this.#laneNumbers.set(sequence, number)
    }
    return number
  }

  #nameOf(name: string): number {
    let number = this.#nameNumbers.get(name)
    if (number === undefined) {
      number = this.#names.length
      this.#names.push(name)
      this.#nameNumbers.set(name, number)
    }
    return number
  }

  #grow(): void {
    const before = this.#columns
    const columns = newColumns(Math.min(before.ms.length * 2, this.#most))
    columns.ms.set(before.ms)
    columns.seq.set(before.seq)
    columns.lane.set(before.lane)
    columns.name.set(before.name)
    columns.code.set(before.code)
    this.#columns = columns
  }
}
