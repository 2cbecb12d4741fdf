/** One bit per message of a chunk. */
export type BitPlane = Uint32Array

export const chunkSize = 1024

/** Words of a plane. */
export const planeWords = chunkSize / 32

export const newPlane = (): BitPlane => new Uint32Array(planeWords)

/** A plane for each name, all in one piece of memory: a piece of its own costs several times what the bits take. */
export function newPlanes<Name extends string>(names: readonly Name[]): Record<Name, BitPlane> {
  const words = new Uint32Array(names.length * planeWords)
  const planes = names.map((name, index) => [name, words.subarray(index * planeWords, (index + 1) * planeWords)])
  return Object.fromEntries(planes) as Record<Name, BitPlane>
}

export const hasBit = (plane: BitPlane, index: number): boolean =>
  (((plane[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1

/** Sets a bit; true if it was not set before. */
export function setBit(plane: BitPlane, index: number): boolean {
  const word = plane[index >>> 5] ?? 0
  const mask = 1 << (index & 31)
  if ((word & mask) !== 0) return false
  plane[index >>> 5] = word | mask
  return true
}

/** Clears a bit; true if it was set before. */
export function clearBit(plane: BitPlane, index: number): boolean {
  const word = plane[index >>> 5] ?? 0
  const mask = 1 << (index & 31)
  if ((word & mask) === 0) return false
  plane[index >>> 5] = word & ~mask
  return true
}

/** Places within the plane of the bits that are set in one of its words. */
export function* bitsOf(bits: number, word: number): Generator<number> {
  for (let rest = bits; rest !== 0; rest &= rest - 1) yield word * 32 + 31 - Math.clz32(rest & -rest)
}

export function countBits(plane: BitPlane): number {
  let count = 0
  for (const word of plane) for (let rest = word; rest !== 0; rest &= rest - 1) count += 1
  return count
}
