import type { Figures } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { hasMeasure, measureOf, parseFind } from './find-nodes.ts'

/** A service that the find box asks for. */
export interface Hit {
  id: string
  name: string
  value: number
  /** Age of its oldest unsettled message, milliseconds. */
  oldestMs: number | undefined
}

const queueOf = (name: string): string => `queue:${name}`

/**
 * Services that are asked for by their value, the largest first; undefined if nothing is asked for. A name is asked of a service and of
 * its queue, a comparison of the value that is listed.
 */
export function hitsOf(
  text: string,
  nodes: readonly TopologyNode[],
  figures: Readonly<Record<string, Figures>>,
): Hit[] | undefined {
  const test = parseFind(text)
  if (!test) return undefined
  const { value, name: measure, holds } = measureOf(text)
  const named = new Set(holds ? [] : nodes.filter((node) => test(node, figures[node.id])).map(({ id }) => id))
  const isAsked = ({ id, name, value }: Hit): boolean =>
    holds ? hasMeasure(measure, figures[queueOf(name)]) && holds(value) : named.has(id) || named.has(queueOf(name))
  return nodes
    .filter(({ kind }) => kind === 'consumer' || kind === 'producer')
    .map(({ id, name }) => ({
      ...{ id, name },
      value:
        measure === 'lag' ? value(figures[queueOf(name)]) : Math.max(value(figures[id]), value(figures[queueOf(name)])),
      oldestMs: figures[queueOf(name)]?.oldestAgeMs,
    }))
    .filter(isAsked)
    .sort((a, b) => b.value - a.value || a.name.localeCompare(b.name))
}

/** The hit so many steps from the one that is shown, round and round; the first, or last, if none is. */
export function stepFrom(hits: readonly Hit[], shown: string | undefined, steps: 1 | -1): Hit | undefined {
  const at = hits.findIndex(({ id }) => id === shown)
  if (at < 0) return steps > 0 ? hits[0] : hits.at(-1)
  return hits[(at + steps + hits.length) % hits.length]
}
