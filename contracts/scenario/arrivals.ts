import type { PhaseFile } from './scenario-file.ts'

type Shape = Pick<PhaseFile, 'duration' | 'arrivalRate' | 'rampTo' | 'spike' | 'arrivals'>

/** Messages that a phase sends; of Poisson arrivals as many as are expected. */
export function plannedArrivals({ duration, arrivalRate, rampTo, spike }: Shape): number {
  if (duration === undefined || arrivalRate === undefined) return 0
  if (spike) return Math.floor((arrivalRate * (duration - spike.for) + spike.to * spike.for) / 1_000)
  return Math.floor((duration * (arrivalRate + (rampTo ?? arrivalRate))) / 2_000)
}

/**
 * When the messages of a phase are due, in milliseconds since its begin, in order. `random` is uniform in [0, 1) and is asked of Poisson
 * arrivals only; the same numbers give the same times.
 */
export function* arrivalTimes(phase: Shape, random: () => number): Generator<number> {
  const { duration, arrivalRate, rampTo = arrivalRate, spike, arrivals } = phase
  if (duration === undefined || arrivalRate === undefined || rampTo === undefined) return
  if (arrivals === 'poisson') {
    // Thinned: drawn at the highest rate, and kept as often as the rate of that moment is of it.
    const highest = Math.max(arrivalRate, rampTo)
    for (let at = 0; ; ) {
      at += (-Math.log(1 - random()) * 1_000) / highest
      if (at >= duration) return
      const now = arrivalRate + ((rampTo - arrivalRate) * at) / duration
      if (random() * highest < now) yield at
    }
  }
  const count = plannedArrivals(phase)
  for (let index = 0; index < count; index += 1)
    yield spike ? inSpike(index, arrivalRate, spike) : inRamp(index, arrivalRate, rampTo, duration)
}

/** When the area under a rate that goes evenly from one value to another reaches `index` messages. */
function inRamp(index: number, from: number, to: number, duration: number): number {
  const slope = (to - from) / duration
  if (Math.abs(slope) < 1e-12) return (index * 1_000) / from
  return (Math.sqrt(Math.max(0, from * from + 2_000 * slope * index)) - from) / slope
}

function inSpike(index: number, base: number, spike: { to: number; at: number; for: number }): number {
  const before = (base * spike.at) / 1_000
  const within = (spike.to * spike.for) / 1_000
  if (index < before) return (index * 1_000) / base
  if (index < before + within) return spike.at + ((index - before) * 1_000) / spike.to
  return spike.at + spike.for + ((index - before - within) * 1_000) / base
}
