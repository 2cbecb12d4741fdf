import { type BitPlane, chunkSize, clearBit, hasBit, newPlane, setBit } from './bit-plane.ts'

/**
 * One bit a message for chunks that are no longer kept. A chunk with all bits or none costs nothing to speak of, so that
 * what is said of ten million messages fits if they are alike.
 */
export class PlaneArchive {
  readonly #full = new Set<number>()
  readonly #partial = new Map<number, BitPlane>()

  has(seq: number): boolean {
    const number = Math.floor((seq - 1) / chunkSize)
    if (this.#full.has(number)) return true
    const plane = this.#partial.get(number)
    return plane !== undefined && hasBit(plane, (seq - 1) % chunkSize)
  }

  /** Sets one bit; true if it was not set before. */
  add(seq: number): boolean {
    const number = Math.floor((seq - 1) / chunkSize)
    if (this.#full.has(number)) return false
    let plane = this.#partial.get(number)
    if (!plane) {
      plane = newPlane()
      this.#partial.set(number, plane)
    }
    return setBit(plane, (seq - 1) % chunkSize)
  }

  /** Takes the bits of a chunk that is dropped. */
  put(number: number, plane: BitPlane): void {
    if (this.#full.has(number)) return
    const bits = this.#partial.get(number) ?? newPlane()
    let all = true
    let any = false
    for (let word = 0; word < bits.length; word += 1) {
      const merged = ((bits[word] ?? 0) | (plane[word] ?? 0)) >>> 0
      bits[word] = merged
      all &&= merged === 0xffff_ffff
      any ||= merged !== 0
    }
    if (all) {
      this.#full.add(number)
      this.#partial.delete(number)
    } else if (any) this.#partial.set(number, bits)
  }

  /** Clears the bit of one message. */
  remove(seq: number): void {
    const number = Math.floor((seq - 1) / chunkSize)
    if (this.#full.delete(number)) this.#partial.set(number, newPlane().fill(0xffff_ffff))
    const plane = this.#partial.get(number)
    if (plane) clearBit(plane, (seq - 1) % chunkSize)
  }

  /** Numbers of the chunks that have bits here. */
  *chunks(): Generator<number> {
    yield* this.#full
    yield* this.#partial.keys()
  }

  /** Adds the bits of a chunk to `target`. */
  mergeInto(number: number, target: BitPlane): void {
    if (this.#full.has(number)) target.fill(0xffff_ffff)
    const plane = this.#partial.get(number)
    if (plane) for (const [word, bits] of plane.entries()) target[word] = (target[word] ?? 0) | bits
  }

  state(): { full: number[]; partial: [number, BitPlane][] } {
    return { full: [...this.#full], partial: [...this.#partial].map(([number, plane]) => [number, plane.slice()]) }
  }

  restore({ full, partial }: { full: readonly number[]; partial: readonly [number, BitPlane][] }): void {
    for (const number of full) this.#full.add(number)
    for (const [number, plane] of partial) this.#partial.set(number, Uint32Array.from(plane))
  }
}
