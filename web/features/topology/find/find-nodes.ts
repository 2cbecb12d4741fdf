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

/** What a text in the find box measures. */
interface Measure {
  name: string
  value: (figures: Figures | undefined) => number
  /** Whether a value is asked for; undefined if the text is a part of a name. */
  holds: ((value: number) => boolean) | undefined
}

/** What a text in the find box measures, and what its hits are listed by: `lag` where it names nothing else. */
export function measureOf(text: string): Measure {
  const [, name = 'lag', sign, bound] = comparison.exec(text.trim().toLowerCase()) ?? []
  const isAsked = (value: number): boolean => (sign === '>' ? value > Number(bound) : value < Number(bound))
  return { name, value: measures[name] ?? lagOf, holds: sign === undefined ? undefined : isAsked }
}

/** Whether a node has this measure: only what holds messages has a lag. */
export const hasMeasure = (name: string, figures: Figures | undefined): boolean =>
  name !== 'lag' || figures?.depth !== undefined

/** The test that a text in the find box represents: a part of a name or kind, or `lag > 100`. Undefined: no test. */
export function parseFind(text: string): Test | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return undefined
  const { name, value, holds } = measureOf(wanted)
  if (holds) return (_, figures) => hasMeasure(name, figures) && holds(value(figures))
  return (node) => node.name.toLowerCase().includes(wanted) || node.kind.replaceAll('_', '-').includes(wanted)
}
