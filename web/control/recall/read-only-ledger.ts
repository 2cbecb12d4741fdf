import type { Lane } from '../ledger/lane.ts'
import { type BitState, Ledger } from '../ledger/ledger.ts'

/** Answers what a ledger answers, and takes nothing: what is applied to it is in that ledger already. */
export class ReadOnlyLedger extends Ledger {
  readonly #real: Ledger

  constructor(real: Ledger) {
    super()
    this.#real = real
  }

  override lane(producer: string, epoch: number, topic: string): Lane {
    return this.#real.lane(producer, epoch, topic)
  }

  override find(id: string): { lane: Lane; seq: number } | undefined {
    return this.#real.find(id)
  }

  override wasAttempted(lane: Lane, seq: number): boolean {
    return this.#real.wasAttempted(lane, seq)
  }

  override isFinal(lane: Lane, seq: number): boolean {
    return this.#real.isFinal(lane, seq)
  }

  override isTaken(lane: Lane, seq: number): boolean {
    return this.#real.isTaken(lane, seq)
  }

  override hasFailed(lane: Lane, seq: number): boolean {
    return this.#real.hasFailed(lane, seq)
  }

  override stateOf(lane: Lane, seq: number, group: string): BitState {
    return this.#real.stateOf(lane, seq, group)
  }

  override beginEpoch(): Lane[] {
    return []
  }

  override attempt(): boolean {
    return false
  }

  override publishOutcome(): boolean {
    return false
  }

  override expect(): boolean {
    return false
  }

  override owe(): boolean {
    return false
  }

  override move(): void {}

  override settle(): boolean {
    return false
  }

  override redrive(): boolean {
    return false
  }

  override addEffect(): boolean {
    return true
  }

  override markPhantom(): boolean {
    return false
  }
}
