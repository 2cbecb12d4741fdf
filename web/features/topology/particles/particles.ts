import type { Figures } from '#contracts/api/live.ts'
import type { TopologyEdge } from '#contracts/api/topology.ts'
import { type PlacedEdge, type Point, pointAlong } from '../edge-geometry.ts'

/** How the particles of one edge move. */
export interface Flow {
  /** On the edge at a time, 1–12; 0 without traffic. */
  count: number
  /** Share of the edge passed in a second. */
  speed: number
  /** The share that are drawn as retries. */
  retries: number
  dead: boolean
  /** Whether the edge carries a label in its middle. */
  labelled: boolean
}

export const mostParticles = 12

/** Density from the rate, speed from the latency: a slow obligation is seen as slow. `bundled`: it represents several edges and is labelled. */
export function particleFlowOf(
  figures: Figures | undefined,
  edge: Pick<TopologyEdge, 'from' | 'to'>,
  bundled = false,
): Flow {
  const dead = edge.to.startsWith('dead_letter_queue:')
  const labelled = bundled || edge.from.startsWith('producer:') || edge.from.startsWith('queue:')
  const perSecond = figures?.ratePerSecond ?? 0
  if (perSecond <= 0) return { count: 0, speed: 0, retries: 0, dead, labelled }
  const latency = figures?.p50Ms ?? 20
  const secondsAcross = Math.min(4, Math.max(0.7, 0.7 + Math.log10(1 + latency) * 0.55))
  const isRetried = edge.to.startsWith('retry_topic:') || edge.from.startsWith('retry_topic:')
  const failing = isRetried ? perSecond : (figures?.retriesPerSecond ?? 0) + (figures?.errorsPerSecond ?? 0)
  return {
    count: Math.min(mostParticles, Math.max(1, Math.round(1 + Math.log2(1 + perSecond) * 1.15))),
    speed: 1 / secondsAcross,
    retries: Math.min(1, failing / perSecond),
    dead,
    labelled,
  }
}

/** Pixels between two particles at least, so that a short edge does not become a bar. */
const leastApart = 14

/** The flow on an edge of this many pixels. */
export function thinned(flow: Flow | undefined, length: number): Flow | undefined {
  if (!flow || flow.count === 0) return flow
  return { ...flow, count: Math.min(flow.count, Math.max(1, Math.floor(length / leastApart))) }
}

export interface Particle extends Point {
  kind: 'ok' | 'retry' | 'dead'
}

/** Where the particles of an edge are at `phase`, the share of the edge passed since the start, any number from 0. */
export function particlesAt(edge: PlacedEdge, flow: Flow, phase: number): Particle[] {
  const retryEvery = flow.retries > 0 ? Math.max(1, Math.round(1 / flow.retries)) : 0
  const round = Math.floor(phase * flow.count)
  return Array.from({ length: flow.count }, (_, at) => {
    const t = (at / flow.count + phase) % 1
    // A particle keeps its kind on its way: it is numbered by when it entered, not by where it is.
    const number = round - Math.round(t * flow.count) + flow.count * 1_000
    const retry = retryEvery > 0 && number % retryEvery === 0
    return { ...pointAlong(edge, t), kind: flow.dead ? 'dead' : retry ? 'retry' : 'ok' }
  })
}
