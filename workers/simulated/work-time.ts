import type { ServiceBody } from '#contracts/lab-declaration.ts'

export type Work = Extract<ServiceBody, { kind: 'simulated' }>['work']

/** Standard deviations from the median to the 99th percentile of a normal distribution. */
const toP99 = 2.326_347_874_040_841

/**
 * Milliseconds that one attempt works: the fixed time, or one of the log-normal distribution that has the given median and 99th percentile.
 * The draws are uniform in [0, 1) and decide it alone. A 99th percentile that is not above the median makes the median a fixed time.
 */
export function workMs(work: Work, draws: readonly [number, number]): number {
  if ('fixedMs' in work) return work.fixedMs
  const { p50Ms, p99Ms } = work
  if (p50Ms <= 0) return 0
  const sigma = Math.log(Math.max(p50Ms, p99Ms) / p50Ms) / toP99
  return p50Ms * Math.exp(sigma * normal(draws))
}

/** Box–Muller: https://en.wikipedia.org/wiki/Box%E2%80%93Muller_transform */
const normal = ([first, second]: readonly [number, number]): number =>
  Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second)
