import type { FlowView } from '#contracts/api/flow.ts'
import { nodeId, type Topology } from '#contracts/api/topology.ts'
import { durationWords } from '../words/figures.ts'
import { cardTraces } from './chain/card-traces.ts'
import { type Trace, traceOf } from './trace-model.ts'

/** The graph of a flow: the ways of all its events are lit, and each place says what happened there since its start. */
export function flowTrace(flow: FlowView, topology: Topology): Trace {
  const start = Date.parse(flow.startedAt)
  const trace: Trace = {
    of: 'flow',
    lit: { nodes: new Set(), edges: new Set() },
    ...{ words: new Map(), replicas: new Map(), edges: new Map(), redrives: [] },
    cards: cardTraces(flow.journeys, topology, start),
  }
  for (const journey of flow.journeys) {
    const own = traceOf(journey, topology)
    for (const id of own.lit.nodes) trace.lit.nodes.add(id)
    for (const id of own.lit.edges) trace.lit.edges.add(id)
    for (const [id, words] of own.words) trace.words.set(id, words)
    for (const [id, word] of own.replicas) trace.replicas.set(id, word)
    for (const [id, { tone, label }] of own.edges) {
      const before = trace.edges.get(id)
      const isRetry = tone === 'retry' || before?.tone === 'retry'
      // One event has the time to its acknowledgement on its first edge; of several that says nothing.
      const kept = isRetry ? (tone === 'retry' ? label : before?.label) : undefined
      trace.edges.set(id, { tone: isRetry ? 'retry' : 'path', ...(kept === undefined ? {} : { label: kept }) })
    }
    const topic = nodeId('topic', journey.topic)
    if (!trace.words.has(topic)) continue
    const since = Math.max(0, Date.parse(journey.publish.attemptedAt) - start)
    const ends = flow.endedBy.includes(journey.type)
    trace.words.set(topic, {
      value: since === 0 ? '0 s' : `+${durationWords(since)}`,
      unit: ends ? ', ends it' : '',
      fact: '',
    })
  }
  return trace
}
