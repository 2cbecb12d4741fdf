import type { Sequence } from './sequence.ts'

/** Sequences by producer, to end those of former epochs. */
export class ProducerEpochs {
  /** `epoch` is the last one that has begun. */
  readonly #owners = new Map<string, { epoch: number; sequences: Sequence[] }>()

  /** Ends the sequence where a newer epoch of its producer has begun. */
  add(sequence: Sequence): void {
    const owner = this.#ownerOf(sequence.producer)
    owner.sequences.push(sequence)
    if (sequence.epoch < owner.epoch) sequence.end()
  }

  /** Sequences of `producer` that a newer epoch ended now. */
  begin(producer: string, epoch: number): Sequence[] {
    const owner = this.#ownerOf(producer)
    if (owner.epoch >= epoch) return []
    owner.epoch = epoch
    const ended = owner.sequences.filter((sequence) => !sequence.ended && sequence.epoch < epoch)
    for (const sequence of ended) sequence.end()
    return ended
  }

  /** The last epoch that has begun of each producer. */
  list(): [producer: string, epoch: number][] {
    return [...this.#owners].map(([producer, { epoch }]) => [producer, epoch])
  }

  #ownerOf(producer: string): { epoch: number; sequences: Sequence[] } {
    let owner = this.#owners.get(producer)
    if (!owner) {
      owner = { epoch: 0, sequences: [] }
      this.#owners.set(producer, owner)
    }
    return owner
  }
}
