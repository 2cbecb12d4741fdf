/** One bit per message of a chunk. */
export type BitPlane = Uint32Array

/** Messages in a chunk. */
export const chunkSize = 1024

export const newPlane = (): BitPlane => new Uint32Array(chunkSize / 32)

export const hasBit = (plane: BitPlane, index: number): boolean =>
  (((plane[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1

/** Sets a bit; true where it was not set before. */
export function setBit(plane: BitPlane, index: number): boolean {
  const word = plane[index >>> 5] ?? 0
  const mask = 1 << (index & 31)
  if ((word & mask) !== 0) return false
  plane[index >>> 5] = word | mask
  return true
}

/** Clears a bit; true where it was set before. */
export function clearBit(plane: BitPlane, index: number): boolean {
  const word = plane[index >>> 5] ?? 0
  const mask = 1 << (index & 31)
  if ((word & mask) === 0) return false
  plane[index >>> 5] = word & ~mask
  return true
}
