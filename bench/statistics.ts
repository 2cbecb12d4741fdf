/** Value below which `share` (0–1) of the samples lie, by nearest rank. NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export interface Spread {
  median: number
  /** Interquartile range. */
  iqr: number
  repetitions: number
}

/** Median and interquartile range: what a noisy machine allows to be said. */
export function spread(samples: readonly number[]): Spread {
  return {
    median: percentile(samples, 0.5),
    iqr: percentile(samples, 0.75) - percentile(samples, 0.25),
    repetitions: samples.length,
  }
}

/** Two sides in turn, each first every other time, after one round that does not count. */
export async function interleaved(repetitions: number, one: () => Promise<number>, other: () => Promise<number>) {
  await one()
  await other()
  const first: number[] = []
  const second: number[] = []
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    if (repetition % 2 === 0) first.push(await one())
    second.push(await other())
    if (repetition % 2 === 1) first.push(await one())
  }
  const ratios = first.map((rate, index) => rate / (second[index] ?? Number.NaN))
  return { first: spread(first), second: spread(second), ratio: spread(ratios) }
}
