import type { Histogram } from 'hdr-histogram-js'
import { deadLetterQueueOf, edgeId, nodeId } from '#contracts/api/topology.ts'
import type { FlowSink, FlowTotals, FlowTotalsStore } from '../journeys/flow-sink.ts'
import { newHistogram, recordMs } from './latency-window.ts'
import { Meter } from './meter.ts'

/** Telemetry older than this, in milliseconds, counts in totals only: it does not flow now. */
export const lateAfterMs = 5_000

interface PublishMeters {
  /** Undefined if it also receives: its node counts what it has handled. */
  producer: Meter | undefined
  topic: Meter
  edge: Meter
}

interface GroupMeters {
  queue: Meter
  taking: Meter
  consumer: Meter
  effect: { node: Meter; edge: Meter } | undefined
  deadLetters: { node: Meter; edge: Meter }
  /** Publish to effect in the second at hand. */
  sincePublish: Histogram
}

/** Counts what flows through nodes and edges. Its memory follows the wiring, not the messages. */
export class FlowMeters implements FlowSink, FlowTotalsStore {
  /** By node id and by edge id. */
  readonly byId = new Map<string, Meter>()
  readonly groups = new Map<string, GroupMeters>()
  /** Edges in the order in which they were first seen. */
  readonly edges: { from: string; to: string }[] = []
  readonly #edgeIds = new Set<string>()
  readonly #publishes = new Map<string, Map<string, PublishMeters>>()
  readonly #routes = new Map<string, Map<string, Meter>>()
  readonly #effectOf: (group: string) => string | undefined
  readonly #receives: (service: string) => boolean
  readonly #now: () => number
  readonly #onEndToEnd: ((group: string, ms: number) => void) | undefined
  #isLate = false

  /** `effectOf` names the effect of a consumer, where it has one; `receives` says whether a service is one. Default none. */
  constructor(sources: {
    effectOf: (group: string) => string | undefined
    receives?: ((service: string) => boolean) | undefined
    now: () => number
    onEndToEnd?: ((group: string, ms: number) => void) | undefined
  }) {
    this.#onEndToEnd = sources.onEndToEnd
    this.#effectOf = sources.effectOf
    this.#receives = sources.receives ?? (() => false)
    this.#now = sources.now
  }

  totals(): FlowTotals {
    return [...this.byId].map(([id, { flow, errors, retries }]) => [id, flow.total, errors.total, retries.total])
  }

  restore(totals: FlowTotals): void {
    for (const [id, flow, errors, retries] of totals) {
      const [from, to] = id.split('->')
      const meter = from !== undefined && to !== undefined ? this.edge(from, to) : this.meter(id)
      meter.flow.total = flow
      meter.errors.total = errors
      meter.retries.total = retries
    }
  }

  at(at: number): void {
    this.#isLate = at < this.#now() - lateAfterMs
  }

  published(producer: string, topic: string, ackMs: number | undefined): void {
    const meters = this.#publish(producer, topic)
    for (const meter of [meters.producer, meters.topic, meters.edge]) meter?.flow.add(1, this.#isLate)
    if (ackMs !== undefined && !this.#isLate) meters.edge.record(ackMs)
  }

  publishFailed(producer: string, topic: string): void {
    const meters = this.#publish(producer, topic)
    meters.producer?.errors.add(1, this.#isLate)
    meters.edge.errors.add(1, this.#isLate)
  }

  routed(topic: string, group: string): void {
    let routes = this.#routes.get(topic)
    if (!routes) {
      routes = new Map()
      this.#routes.set(topic, routes)
    }
    let meter = routes.get(group)
    if (!meter) {
      meter = this.edge(nodeId('topic', topic), nodeId('queue', group))
      routes.set(group, meter)
    }
    meter.flow.add(1, this.#isLate)
  }

  taken(group: string, queueMs: number | undefined, retry: boolean): void {
    const { queue, taking, consumer } = this.group(group)
    queue.flow.add(1, this.#isLate)
    taking.flow.add(1, this.#isLate)
    if (retry) {
      taking.retries.add(1, this.#isLate)
      consumer.retries.add(1, this.#isLate)
    }
    if (queueMs !== undefined && !this.#isLate) taking.record(queueMs)
  }

  handled(group: string, handlingMs: number, failed: boolean): void {
    const { consumer, taking } = this.group(group)
    if (failed) {
      consumer.errors.add(1, this.#isLate)
      taking.errors.add(1, this.#isLate)
    }
    if (!this.#isLate) consumer.record(handlingMs)
  }

  delivered(group: string, sincePublishMs: number | undefined): void {
    const { consumer, sincePublish } = this.group(group)
    consumer.flow.add(1, this.#isLate)
    if (sincePublishMs === undefined) return
    if (!this.#isLate) recordMs(sincePublish, sincePublishMs)
    // What came late is as true as the rest: only windows are of now.
    this.#onEndToEnd?.(group, sincePublishMs)
  }

  effect(group: string, handlingMs: number): void {
    const { effect } = this.group(group)
    if (!effect) return
    effect.node.flow.add(1, this.#isLate)
    effect.edge.flow.add(1, this.#isLate)
    if (!this.#isLate) effect.edge.record(handlingMs)
  }

  deadLettered(group: string): void {
    const { deadLetters } = this.group(group)
    deadLetters.node.flow.add(1, this.#isLate)
    deadLetters.edge.flow.add(1, this.#isLate)
  }

  group(group: string): GroupMeters {
    const known = this.groups.get(group)
    if (known) return known
    const [queue, consumer] = [nodeId('queue', group), nodeId('consumer', group)]
    const effect = this.#effectOf(group)
    const meters: GroupMeters = {
      queue: this.meter(queue),
      taking: this.edge(queue, consumer),
      consumer: this.meter(consumer),
      effect: effect === undefined ? undefined : this.#pair(consumer, nodeId('effect', effect)),
      deadLetters: this.#pair(consumer, nodeId('dead_letter_queue', deadLetterQueueOf(group))),
      sincePublish: newHistogram(),
    }
    this.groups.set(group, meters)
    return meters
  }

  /** The meter of a node or edge id, made at first use. */
  meter(id: string): Meter {
    let meter = this.byId.get(id)
    if (!meter) {
      meter = new Meter()
      this.byId.set(id, meter)
    }
    return meter
  }

  /** The meter of an edge, which `observed` lists as soon as something has passed. */
  edge(from: string, to: string): Meter {
    const id = edgeId(from, to)
    if (!this.#edgeIds.has(id)) {
      this.#edgeIds.add(id)
      this.edges.push({ from, to })
    }
    return this.meter(id)
  }

  /** Edges on which a message was seen. */
  observed(): { from: string; to: string }[] {
    return this.edges.filter(({ from, to }) => this.meter(edgeId(from, to)).flow.total > 0)
  }

  #pair(from: string, to: string): { node: Meter; edge: Meter } {
    return { node: this.meter(to), edge: this.edge(from, to) }
  }

  #publish(producer: string, topic: string): PublishMeters {
    let topics = this.#publishes.get(producer)
    if (!topics) {
      topics = new Map()
      this.#publishes.set(producer, topics)
    }
    let meters = topics.get(topic)
    if (!meters) {
      const isConsumer = this.#receives(producer)
      const [from, to] = [nodeId(isConsumer ? 'consumer' : 'producer', producer), nodeId('topic', topic)]
      meters = {
        producer: isConsumer ? undefined : this.meter(from),
        topic: this.meter(to),
        edge: this.edge(from, to),
      }
      topics.set(topic, meters)
    }
    return meters
  }
}
