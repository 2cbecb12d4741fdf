import type { KeyChoice } from '#contracts/scenario/scenario-file.ts'

/** Draws the number of a key, from 0, by the distribution that a scenario asks for. Of zipf and hot, key 0 is the most frequent. */
export function keyDraw(choice: KeyChoice, random: () => number): () => number {
  const { count, distribution } = choice
  if (count === 1) return () => 0
  if (distribution === 'uniform') return () => Math.floor(random() * count)
  if (distribution === 'hot') {
    const share = (choice.hotShare ?? 50) / 100
    return () => (random() < share ? 0 : 1 + Math.floor(random() * (count - 1)))
  }
  const sums = zipfSums(count, choice.exponent ?? 1)
  const total = sums[count - 1] ?? 1
  return () => firstAbove(sums, random() * total)
}

function zipfSums(count: number, exponent: number): Float64Array {
  const sums = new Float64Array(count)
  let sum = 0
  for (let rank = 1; rank <= count; rank += 1) {
    sum += 1 / rank ** exponent
    sums[rank - 1] = sum
  }
  return sums
}

function firstAbove(sums: Float64Array, wanted: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] ?? 0) > wanted) high = middle
    else low = middle + 1
  }
  return low
}
