import type { Redriven } from '#contracts/api/dead-letter.ts'
import type { Journey, Obligation } from '#contracts/api/journey.ts'
import { deadLetterQueueOf, edgeId, nodeId, type Topology, type TopologyNode } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { CardWords } from '../nodes/card-words.ts'
import { retriesOf } from '../nodes/retry-nodes.ts'
import { senderServiceOf } from '../nodes/sender.ts'
import { effectMadeAt } from '../words/effect-time.ts'
import { clock, durationWords } from '../words/figures.ts'
import { type CardTrace, cardTraces } from './chain/card-traces.ts'
import type { Lit } from './lit-path.ts'
import { redrivesOf } from './retry/trace-redrives.ts'
import { allRetriesOf, retriesPassed } from './retry/trace-retries.ts'

/** How a lit link was passed: on the first way, again after an error, or by a redrive. */
export type TraceTone = 'path' | 'retry' | 'redrive'

/** The graph of one message, or of a flow: what it passed is lit and says what happened to it there. */
export interface Trace {
  of: 'message' | 'flow'
  lit: Lit
  words: Map<string, CardWords>
  /** By id of a service; where services are folded cards. */
  cards: Map<string, CardTrace>
  /** By replica instance: what it did with the message. */
  replicas: Map<string, string>
  edges: Map<string, { tone: TraceTone; label?: string }>
  /** Links that the wiring does not have: from dead letters back to where a redrive sent the message. */
  redrives: { from: string; to: string }[]
}

const attemptsWord = (numbers: number[]): string => {
  if (numbers.length > 2) return `${numbers.length} attempts`
  return `${numbers.length === 1 ? 'attempt' : 'attempts'} ${numbers.join(', ')}`
}

/** Reads a journey against the wiring as it is now. `redrives`: those of the message, oldest first. */
export function traceOf(journey: Journey, topology: Topology, redrives: readonly Redriven[] = []): Trace {
  const trace: Trace = {
    of: 'message',
    cards: cardTraces([journey], topology, Date.parse(journey.publish.attemptedAt)),
    lit: { nodes: new Set(), edges: new Set() },
    words: new Map(),
    replicas: new Map(),
    edges: new Map(),
    redrives: [],
  }
  const light = (id: string, words: CardWords): void => {
    trace.lit.nodes.add(id)
    trace.words.set(id, words)
  }
  const edge = (from: string, to: string, tone: 'path' | 'retry', label?: string): void => {
    const found = topology.edges.find((one) => one.from === from && one.to === to)
    if (!found) return
    trace.lit.edges.add(found.id)
    trace.edges.set(found.id, label === undefined ? { tone } : { tone, label })
  }

  const identity = parseIdentity(journey.id)
  const instance = identity?.producer ?? ''
  const producer = topology.nodes.find((node) => isSender(node, instance))
  const topic = nodeId('topic', journey.topic)
  const ackMs =
    journey.publish.ackedAt === undefined
      ? undefined
      : Date.parse(journey.publish.ackedAt) - Date.parse(journey.publish.attemptedAt)
  if (producer) {
    light(producer.id, {
      value: ackMs === undefined ? journey.publish.state : `${Math.max(0, Math.round(ackMs))}`,
      unit: ackMs === undefined ? '' : ' ms to ack',
      fact: identity === undefined ? '' : `epoch ${identity.epoch}`,
    })
    edge(producer.id, topic, 'path', ackMs === undefined ? undefined : durationWords(Math.max(0, ackMs)))
  }
  light(topic, { value: clock(journey.publish.attemptedAt), unit: '', fact: identity ? `no. ${identity.seq}` : '' })
  for (const obligation of journey.obligations) {
    traceGroup(obligation, topic, topology, { light, edge }, trace, redrives)
  }
  return trace
}

/** Whether an instance is one of a service's replicas: `payment-2` of `payment`. */
export const isSender = ({ kind, name }: TopologyNode, instance: string): boolean =>
  (kind === 'producer' || kind === 'consumer') && senderServiceOf(instance) === name

interface Pen {
  light: (id: string, words: CardWords) => void
  edge: (from: string, to: string, tone: 'path' | 'retry', label?: string) => void
}

function traceGroup(
  obligation: Obligation,
  topic: string,
  topology: Topology,
  pen: Pen,
  trace: Trace,
  redrives: readonly Redriven[],
): void {
  const { group, attempts } = obligation
  const queue = nodeId('queue', group)
  const consumer = nodeId('consumer', group)
  const returned = redrivesOf(obligation, redrives)
  const waited = returned.waitedMs
  // A copy that a redrive sent is counted from one again.
  const times =
    returned.redrives.length > 0 ? Math.max(attempts.length, obligation.receiveCount) : obligation.receiveCount
  pen.light(queue, {
    value: attempts.length === 0 ? obligation.state.replace('_', '-') : (durationWords(waited).split(' ')[0] ?? ''),
    unit: attempts.length === 0 ? '' : ` ${durationWords(waited).split(' ').slice(1).join(' ')} waited`,
    fact: times === 0 ? 'not delivered yet' : times === 1 ? 'delivered once' : `delivered ${times} times`,
  })
  pen.edge(topic, queue, 'path')
  if (attempts.length === 0) return

  // Attempts after a redrive go on from those before it, as in the waterfall.
  const numberOf = ({ attempt }: { attempt: number }, index: number): number =>
    returned.redrives.length > 0 ? index + 1 : attempt
  const handled = attempts.reduce((total, attempt) => total + (attempt.handlingMs ?? 0), 0)
  pen.light(consumer, {
    value: `${attempts.length}`,
    unit: attempts.length === 1 ? ' attempt' : ' attempts',
    fact: `${durationWords(handled)} in the handler`,
  })
  const retries = retriesPassed(obligation, topology)
  const again = attempts.length > 1 && retries === undefined
  pen.edge(queue, consumer, again ? 'retry' : 'path', attemptsWord(attempts.map(numberOf)))
  for (const { id, words } of retries?.passed ?? []) {
    pen.light(id, words)
    pen.edge(consumer, id, 'retry')
    pen.edge(id, consumer, 'retry')
  }
  if (retries) trace.words.set(allRetriesOf(group), retries.all)
  for (const instance of new Set(attempts.map((attempt) => attempt.instance))) {
    const mine = attempts.flatMap((one, index) => (one.instance === instance ? [numberOf(one, index)] : []))
    trace.replicas.set(instance, attemptsWord(mine))
  }
  if (obligation.effect) {
    const kind = obligation.effect.kind
    for (const { to } of topology.edges.filter((one) => one.from === consumer)) {
      if (topology.nodes.find((node) => node.id === to)?.effect !== kind) continue
      const at = effectMadeAt(obligation) ?? obligation.settledAt
      const fact = at === undefined ? '' : clock(at)
      pen.light(to, { value: '1', unit: ` ${effectOf(kind).words.one}`, fact })
      pen.edge(consumer, to, 'path')
    }
  }
  const target = nodeId('dead_letter_queue', deadLetterQueueOf(group))
  if (returned.redrives.length > 0) {
    // Its card has no unit beside the figure.
    const value = durationWords(Math.round(returned.heldMs))
    pen.light(target, { value, unit: ' in it', fact: 'left by redrive' })
    for (const from of [consumer, queue]) pen.edge(from, target, 'retry')
    const to = retriesOf(topology.nodes, group)[0]?.id ?? queue
    const id = edgeId(target, to)
    trace.redrives.push({ from: target, to })
    trace.lit.nodes.add(to)
    trace.lit.edges.add(id)
    trace.edges.set(id, { tone: 'redrive', label: `redriven by you${returned.edited ? ', edited' : ''}` })
  }
  if (obligation.state === 'dead_lettered') {
    pen.light(target, { value: '1', unit: '', fact: obligation.reason?.replace('_', ' ') ?? '' })
    for (const from of [consumer, queue]) pen.edge(from, target, 'retry')
  }
}
