import type { Topology, TopologyNode } from '#contracts/api/topology.ts'
import { isRetry } from '#web/features/nodes/retry-nodes.ts'

/** A consumer with what is on its line. */
export interface Lane {
  consumer: TopologyNode
  queue?: TopologyNode
  /** Topics that its retries wait in, by level; they stand below the queue. */
  retries: TopologyNode[]
  /** Effects and the dead-letter queue, top to bottom. */
  ends: TopologyNode[]
}

/** The consumers in the order of the topology, each with what is before and behind it. */
export function lanesOf(topology: Topology): Lane[] {
  const byId = new Map(topology.nodes.map((node) => [node.id, node]))
  const taken = new Set<string>()
  return topology.nodes
    .filter((node) => node.kind === 'consumer')
    .map((consumer) => {
      const queue = topology.edges
        .filter((edge) => edge.to === consumer.id)
        .map((edge) => byId.get(edge.from))
        .find((node) => node?.kind === 'queue')
      const next = topology.edges
        .filter((edge) => edge.from === consumer.id || (queue !== undefined && edge.from === queue.id))
        .flatMap((edge) => byId.get(edge.to) ?? [])
      const ends = next
        .filter((node) => node.kind === 'effect' || node.kind === 'dead_letter_queue')
        .filter((node) => !taken.has(node.id) && taken.add(node.id))
        .sort((a, b) => Number(a.kind === 'dead_letter_queue') - Number(b.kind === 'dead_letter_queue'))
      const retries = next.filter(isRetry).sort((a, b) => (a.retry?.level ?? 0) - (b.retry?.level ?? 0))
      return { consumer, ends, retries, ...(queue === undefined ? {} : { queue }) }
    })
}

/** Distance between the queue and the first retry topic, and between two of those. */
export interface RetryGaps {
  first: number
  next: number
}

/** What a lane takes above and below the line of its consumer, in pixels at 100 %. */
export interface LaneReach {
  up: number
  down: number
  /** Where the queue and each retry topic have their middle, from the line. */
  queue: number
  retries: number[]
}

/**
 * The room of a lane. The queue is on the line and its retry topics below it; `spreads`: both around the line instead, which takes less
 * height, for tiles.
 */
export function reachOf(
  { consumer, queue, retries, ends }: Lane,
  heightOf: (node: TopologyNode) => number,
  { gap, gaps, spreads }: { gap: number; gaps: RetryGaps; spreads: boolean },
): LaneReach {
  const half = Math.max(heightOf(consumer), stackOf(ends.map(heightOf), gap)) / 2
  const queueHeight = queue ? heightOf(queue) : 0
  const heights = retries.map(heightOf)
  const below = retries.length === 0 ? 0 : gaps.first + stackOf(heights, gaps.next)
  const queueAt = spreads ? -below / 2 : 0
  let top = queueAt + queueHeight / 2 + gaps.first
  const middles = heights.map((height) => {
    const middle = top + height / 2
    top += height + gaps.next
    return middle
  })
  return {
    up: retries.length === 0 ? half : Math.max(half, queueHeight / 2 - queueAt),
    down: retries.length === 0 ? half : Math.max(half, queueAt + queueHeight / 2 + below),
    queue: queueAt,
    retries: middles,
  }
}

/** Height of things above each other. */
export const stackOf = (heights: readonly number[], gap: number): number =>
  heights.reduce((total, height) => total + height, 0) + gap * Math.max(0, heights.length - 1)

/** Middles of a stack around `center`. */
export function spread(heights: readonly number[], center: number, gap: number): number[] {
  let top = center - stackOf(heights, gap) / 2
  return heights.map((height) => {
    const middle = top + height / 2
    top += height + gap
    return middle
  })
}
