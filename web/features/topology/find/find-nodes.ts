import type { Figures } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { lagOf } from '../../nodes/card-words.ts'

type Test = (node: TopologyNode, figures: Figures | undefined) => boolean

const measures: Record<string, (figures: Figures | undefined) => number> = {
  lag: lagOf,
  rate: (figures) => figures?.ratePerSecond ?? 0,
  errors: (figures) => figures?.errorsPerSecond ?? 0,
  retries: (figures) => figures?.retriesPerSecond ?? 0,
}
const comparison = /^(lag|rate|errors|retries)\s*([<>])\s*(\d+(?:\.\d+)?)$/

/** What a text in the find box measures, and what its hits are listed by: `lag` where it names nothing else. */
export function measureOf(text: string): { name: string; value: (figures: Figures | undefined) => number } {
  const [, name = 'lag'] = comparison.exec(text.trim().toLowerCase()) ?? []
  return { name, value: measures[name] ?? lagOf }
}

/** The test that a text in the find box stands for: a part of a name or kind, or `lag > 100`. Undefined: no test. */
export function parseFind(text: string): Test | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return undefined
  const [, measure = '', sign, bound] = comparison.exec(wanted) ?? []
  const value = measures[measure]
  if (value) return (_, figures) => (sign === '>' ? value(figures) > Number(bound) : value(figures) < Number(bound))
  return (node) => node.name.toLowerCase().includes(wanted) || node.kind.replaceAll('_', '-').includes(wanted)
}
