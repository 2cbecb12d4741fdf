import { type ChartPoint, chartPoints, type Figures, sparkPoints } from '#contracts/api/live.ts'
import { deadLetterQueueOf, edgeId, nodeId } from '#contracts/api/topology.ts'
import type { GroupCounts, PairCounts } from '../ledger/counters.ts'
import { withBusiest } from './busiest-groups.ts'
import { PastCharts } from './chart-history.ts'
import { FlowMeters } from './flow-meters.ts'
import { percentileMs, sliceMs } from './latency-window.ts'
import type { Meter } from './meter.ts'
import { type KnownPartitions, RetryMeters } from './retry-meters.ts'

export interface KnownDepth {
  group: string
  visible: number
  inFlight: number
  delayed: number
  deadLetters: number
}

/** What the metrics ask of the other parts. */
export interface MetricsSources {
  groups: PairCounts<GroupCounts>
  /** Unsettled messages by group that went to another broker than the lab runs on now: nobody takes them there. */
  elsewhere(): ReadonlyMap<string, number>
  /** Epoch milliseconds at which the oldest unsettled message of a group on the broker of now was published. */
  oldestOpenAt(group: string): number | undefined
  /** Name of the effect of a consumer. */
  effectOf(group: string): string | undefined
  /** Whether a service is a consumer, which may publish too. Default: none is. */
  receives?(service: string): boolean
  /** Called with every message that had its effect, and how long after its publish. */
  onEndToEnd?(group: string, ms: number): void
  now(): number
}

/** Windows of what flows: rates, percentiles, depths, charts. Fixed memory a node, edge and group. */
export class Metrics {
  readonly flow: FlowMeters
  /** The last five minutes, oldest first, a point a second. `pointNumber` is that of the newest. */
  readonly charts: ChartPoint[] = []
  pointNumber = 0
  readonly history = new PastCharts()
  readonly sparks = new Map<string, number[]>()
  readonly #sources: MetricsSources
  readonly #depths = new Map<string, KnownDepth>()
  readonly #retries: RetryMeters
  readonly #charted = new Map<string, { delivered: number; retries: number }>()
  #chartedPublished: number | undefined
  #nextSecond = 0
  #nextSlice = 0

  constructor(sources: MetricsSources) {
    this.#sources = sources
    this.flow = new FlowMeters(sources)
    this.#retries = new RetryMeters(this.flow)
  }

  /** Takes what the broker counts in partitions, at each look at it; nothing if it has none. */
  takePartitions(counted: KnownPartitions): void {
    this.#retries.take(counted)
  }

  takeQueueDepths(depths: readonly KnownDepth[]): void {
    this.#depths.clear()
    for (const depth of depths) this.#depths.set(depth.group, depth)
  }

  /** To be called every 250 ms. */
  sample(): void {
    const now = this.#sources.now()
    for (const meter of this.flow.byId.values()) meter.sample(now)
    if (now < this.#nextSecond) return
    this.#nextSecond = Math.max(this.#nextSecond + 1_000, now + 500)
    const rotate = now >= this.#nextSlice
    if (rotate) this.#nextSlice = now + sliceMs
    for (const meter of this.flow.byId.values()) {
      meter.latency?.refresh()
      if (rotate) meter.latency?.rotate()
    }
    this.#chart(now)
    this.#spark()
  }

  nodeFigures(): Record<string, Figures> {
    const figures: Record<string, Figures> = {}
    for (const [id, meter] of this.flow.byId) if (!id.includes('->')) figures[id] = this.#figures(meter)
    const inTopics = this.#retries.groups()
    for (const [group, depth] of this.#depths) {
      const queue = nodeId('queue', group)
      const { visible, inFlight, delayed, deadLetters } = depth
      // What waits in retry topics is counted there, and not in the queue besides.
      const later = inTopics.has(group) ? {} : { delayed }
      figures[queue] = { ...(figures[queue] ?? noFlow), depth: visible, inFlight, ...later }
      const dead = nodeId('dead_letter_queue', deadLetterQueueOf(group))
      figures[dead] = { ...(figures[dead] ?? noFlow), depth: deadLetters }
    }
    for (const [id, depth] of this.#retries.depths()) figures[id] = { ...(figures[id] ?? noFlow), ...depth }
    const now = this.#sources.now()
    for (const group of this.groups()) {
      const queue = nodeId('queue', group)
      const unreadMs = inTopics.get(group)
      // What waits for another attempt is not in the queue, however old it is.
      if (unreadMs !== undefined) {
        if (unreadMs > 0) figures[queue] = { ...(figures[queue] ?? noFlow), oldestAgeMs: unreadMs }
        continue
      }
      const at = this.#sources.oldestOpenAt(group)
      if (at !== undefined) figures[queue] = { ...(figures[queue] ?? noFlow), oldestAgeMs: Math.max(now - at, 0) }
    }
    return figures
  }

  edgeFigures(): Record<string, Figures> {
    const figures: Record<string, Figures> = {}
    for (const [id, meter] of this.flow.byId) if (id.includes('->')) figures[id] = this.#figures(meter)
    for (const group of this.#retries.groups().keys()) {
      const id = edgeId(nodeId('queue', group), nodeId('consumer', group))
      const taken = figures[id]
      if (!taken) continue
      // A retry comes from its topic, and not from the queue.
      const again = Math.min(taken.retriesPerSecond ?? 0, this.#retries.takenPerSecond(group))
      const tenths = (value: number): number => Math.round(Math.max(0, value) * 10) / 10
      figures[id] = {
        ...{ ...taken, ratePerSecond: tenths(taken.ratePerSecond - again) },
        ...(taken.retriesPerSecond === undefined ? {} : { retriesPerSecond: tenths(taken.retriesPerSecond - again) }),
      }
    }
    return figures
  }

  #figures(meter: Meter): Figures {
    return {
      ratePerSecond: meter.flow.ratePerSecond,
      total: meter.flow.total,
      ...(meter.errors.total > 0 ? { errorsPerSecond: meter.errors.ratePerSecond } : {}),
      ...(meter.retries.total > 0 ? { retriesPerSecond: meter.retries.ratePerSecond } : {}),
      ...meter.latency?.percentiles,
    }
  }

  /** The broker's own count of its queues, as of its last look. */
  queueDepths(): Iterable<KnownDepth> {
    return this.#depths.values()
  }

  /** Messages by group that it has not settled and that are on the broker of now. */
  lag(): Map<string, number> {
    const lag = new Map<string, number>()
    for (const [group, count] of this.#sources.elsewhere()) lag.set(group, -count)
    for (const [, group, counts] of this.#sources.groups.entries()) {
      lag.set(group, (lag.get(group) ?? 0) + counts.owed - counts.delivered - counts.deadLettered)
    }
    return lag
  }

  /** Every group that is known: it took a message, is owed one, or has a queue. */
  groups(): Set<string> {
    const names = new Set(this.flow.groups.keys())
    for (const group of this.#depths.keys()) names.add(group)
    for (const [, group] of this.#sources.groups.entries()) names.add(group)
    return names
  }

  /** Ends a second: its point joins the charts. */
  #chart(now: number): void {
    const point: ChartPoint = { at: now, published: 0, delivered: {}, retries: {}, lag: {}, p50Ms: {}, p99Ms: {} }
    let published = 0
    for (const [id, meter] of this.flow.byId) {
      if (id.startsWith('topic:') && !id.includes('->')) published += meter.flow.flowed
    }
    const span = Math.max(now - (this.charts.at(-1)?.at ?? now - 1_000), 1) / 1_000
    const perSecond = (count: number): number => Math.round((count / span) * 10) / 10
    point.published = perSecond(published - (this.#chartedPublished ?? 0))
    this.#chartedPublished = published
    const lag = this.lag()
    for (const group of this.groups()) {
      const { consumer, sincePublish } = this.flow.group(group)
      const before = this.#charted.get(group)
      point.delivered[group] = perSecond(consumer.flow.flowed - (before?.delivered ?? 0))
      point.retries[group] = perSecond(consumer.retries.flowed - (before?.retries ?? 0))
      point.lag[group] = lag.get(group) ?? 0
      point.p50Ms[group] = percentileMs(sincePublish, 50)
      point.p99Ms[group] = percentileMs(sincePublish, 99)
      sincePublish.reset()
      this.#charted.set(group, { delivered: consumer.flow.flowed, retries: consumer.retries.flowed })
    }
    // Only the newest second has every group: a thousand of them for a day would be most of the memory.
    const last = this.charts.pop()
    if (last) this.charts.push(withBusiest(last))
    this.charts.push(point)
    this.history.take(withBusiest(point))
    if (this.charts.length > chartPoints) this.charts.shift()
    this.pointNumber += 1
  }

  #spark(): void {
    for (const [id, { ratePerSecond, depth }] of Object.entries(this.nodeFigures())) {
      const points = this.sparks.get(id) ?? []
      points.push(depth ?? ratePerSecond)
      if (points.length > sparkPoints) points.shift()
      this.sparks.set(id, points)
    }
  }
}

/** Figures of a node through which nothing has flowed yet. */
const noFlow: Figures = { ratePerSecond: 0, total: 0 }
