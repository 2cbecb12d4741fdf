import { type BitState, Ledger } from '../ledger/ledger.ts'
import type { Sequence } from '../ledger/sequence.ts'

/** Answers what a ledger answers, and takes nothing: what is applied to it is in that ledger already. */
export class ReadOnlyLedger extends Ledger {
  readonly #real: Ledger

  constructor(real: Ledger) {
    super()
    this.#real = real
  }

  override sequence(producer: string, epoch: number, topic: string): Sequence {
    return this.#real.sequence(producer, epoch, topic)
  }

  override find(id: string): { sequence: Sequence; seq: number } | undefined {
    return this.#real.find(id)
  }

  override wasAttempted(sequence: Sequence, seq: number): boolean {
    return this.#real.wasAttempted(sequence, seq)
  }

  override isFinal(sequence: Sequence, seq: number): boolean {
    return this.#real.isFinal(sequence, seq)
  }

  override isAccepted(sequence: Sequence, seq: number): boolean {
    return this.#real.isAccepted(sequence, seq)
  }

  override hasFailed(sequence: Sequence, seq: number): boolean {
    return this.#real.hasFailed(sequence, seq)
  }

  override stateOf(sequence: Sequence, seq: number, group: string): BitState {
    return this.#real.stateOf(sequence, seq, group)
  }

  override beginEpoch(): Sequence[] {
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
