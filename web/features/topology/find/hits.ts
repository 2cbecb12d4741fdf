import type { Figures } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { measureOf, parseFind } from './find-nodes.ts'

/** A service that the find box asks for. */
export interface Hit {
  id: string
  name: string
  value: number
  /** Age of its oldest unsettled message, milliseconds. */
  oldestMs: number | undefined
}

const queueOf = (name: string): string => `queue:${name}`

/** Services that are asked for, or whose queue is, by their value, the largest first; undefined where nothing is asked for. */
export function hitsOf(
  text: string,
  nodes: readonly TopologyNode[],
  figures: Readonly<Record<string, Figures>>,
): Hit[] | undefined {
  const test = parseFind(text)
  if (!test) return undefined
  const { value, name: measure } = measureOf(text)
  const asked = new Set(nodes.filter((node) => test(node, figures[node.id])).map(({ id }) => id))
  return nodes
    .filter(
      ({ id, kind, name }) =>
        (kind === 'consumer' || kind === 'producer') && (asked.has(id) || asked.has(queueOf(name))),
    )
    .map(({ id, name }) => ({
      ...{ id, name },
      value:
        measure === 'lag' ? value(figures[queueOf(name)]) : Math.max(value(figures[id]), value(figures[queueOf(name)])),
      oldestMs: figures[queueOf(name)]?.oldestAgeMs,
    }))
    .sort((a, b) => b.value - a.value || a.name.localeCompare(b.name))
}

/** The hit so many steps from the one that is shown, round and round; the first, or last, where none is. */
export function stepFrom(hits: readonly Hit[], shown: string | undefined, steps: 1 | -1): Hit | undefined {
  const at = hits.findIndex(({ id }) => id === shown)
  if (at < 0) return steps > 0 ? hits[0] : hits.at(-1)
  return hits[(at + steps + hits.length) % hits.length]
}
