import type { Figures } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { lagOf, lagThreshold } from '../nodes/card-words.ts'
import { count, rate } from '../words/figures.ts'

/** The rate as the width of its edge in pixels: 1.25 when quiet to 2 from about 100 a second. */
export const edgeWidth = (perSecond: number): number =>
  perSecond <= 0 ? 1.25 : Math.min(2, 1.25 + 0.375 * Math.log10(1 + perSecond))

/** The label on an edge: a lag above the threshold, else the rate, and nothing where that repeats the source's figure. */
export function edgeLabel(
  source: TopologyNode,
  target: TopologyNode,
  figures: Pick<Figures, 'ratePerSecond'> | undefined,
  sourceFigures: Figures | undefined,
  sourceEdges: number,
): { text: string; lag: boolean } | undefined {
  const perSecond = figures?.ratePerSecond ?? 0
  if (source.kind === 'queue' && target.kind === 'consumer') {
    const lag = lagOf(sourceFigures)
    if (lag >= lagThreshold) return { text: `lag ${count(lag)}`, lag: true }
    return perSecond > 0 ? { text: `${rate(perSecond)}/s`, lag: false } : undefined
  }
  if (source.kind !== 'producer' || sourceEdges < 2 || perSecond <= 0) return undefined
  return { text: `${rate(perSecond)}/s`, lag: false }
}
