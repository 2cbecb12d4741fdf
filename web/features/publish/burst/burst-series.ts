import type { Burst } from '#contracts/api/burst.ts'

/** Achieved rate over the life of a burst; `at` is seconds since its start. */
export interface RatePoint {
  at: number
  rate: number
}

interface Sample {
  elapsedMs: number
  acked: number
}

/** Figures of one burst as they arrived, and the rates made of them. */
export interface BurstSeries {
  samples: Sample[]
  points: RatePoint[]
}

export const emptySeries: BurstSeries = { samples: [], points: [] }
export const seriesPoints = 240
const windowMs = 1_000

/** Adds the newest figures. The rate is that of the last second, so that four frames a second do not make it jump; old points are thinned. */
export function withFigures(
  series: BurstSeries,
  { elapsedMs, acked }: Pick<Burst, 'elapsedMs' | 'acked'>,
): BurstSeries {
  const last = series.samples.at(-1)
  if (last && elapsedMs <= last.elapsedMs) return series
  // A page that opens in the middle of a burst knows nothing of its beginning, and draws nothing of it.
  if (!last && elapsedMs > 2 * windowMs) return { samples: [{ elapsedMs, acked }], points: [] }
  const samples = [...(last ? series.samples : [{ elapsedMs: 0, acked: 0 }]), { elapsedMs, acked }]
  const from = samples.findLast((sample) => sample.elapsedMs <= elapsedMs - windowMs) ?? samples[0]
  const span = elapsedMs - (from?.elapsedMs ?? 0)
  const rate = span > 0 ? ((acked - (from?.acked ?? 0)) / span) * 1000 : 0
  const points = [...(last ? series.points : [{ at: 0, rate: 0 }]), { at: elapsedMs / 1000, rate }]
  return {
    samples: samples.filter((sample) => sample.elapsedMs >= elapsedMs - 2 * windowMs),
    points:
      points.length <= seriesPoints
        ? points
        : points.filter((_, index) => index % 2 === 0 || index === points.length - 1),
  }
}
