import type { Journey, Obligation } from '#contracts/api/journey.ts'
import { deadLetterQueueOf, nodeId, type Topology, type TopologyNode } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { CardWords } from '../nodes/card-words.ts'
import { senderServiceOf } from '../nodes/sender.ts'
import { clock, durationWords } from '../words/figures.ts'
import { type CardTold, cardsTold } from './chain/cards-told.ts'
import type { Lit } from './lit-path.ts'
import { allRetriesOf, retriesPassed } from './retry/trace-retries.ts'

/** The graph of one message, or of a flow: what it passed is lit and says what happened to it there. */
export interface Trace {
  of: 'message' | 'flow'
  lit: Lit
  words: Map<string, CardWords>
  /** By id of a service; where services are folded cards. */
  cards: Map<string, CardTold>
  /** By replica instance: what it did with the message. */
  replicas: Map<string, string>
  edges: Map<string, { tone: 'path' | 'retry'; label?: string }>
}

const attemptsWord = (numbers: number[]): string => {
  if (numbers.length > 2) return `${numbers.length} attempts`
  return `${numbers.length === 1 ? 'attempt' : 'attempts'} ${numbers.join(', ')}`
}

/** Reads a journey against the wiring as it is now. */
export function traceOf(journey: Journey, topology: Topology): Trace {
  const trace: Trace = {
    of: 'message',
    cards: cardsTold([journey], topology, Date.parse(journey.publish.attemptedAt)),
    lit: { nodes: new Set(), edges: new Set() },
    words: new Map(),
    replicas: new Map(),
    edges: new Map(),
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
  for (const obligation of journey.obligations) traceGroup(obligation, topic, topology, { light, edge }, trace)
  return trace
}

/** Whether an instance is one of a service's replicas: `payment-2` of `payment`. */
export const isSender = ({ kind, name }: TopologyNode, instance: string): boolean =>
  (kind === 'producer' || kind === 'consumer') && senderServiceOf(instance) === name

interface Pen {
  light: (id: string, words: CardWords) => void
  edge: (from: string, to: string, tone: 'path' | 'retry', label?: string) => void
}

function traceGroup(obligation: Obligation, topic: string, topology: Topology, pen: Pen, trace: Trace): void {
  const { group, attempts } = obligation
  const queue = nodeId('queue', group)
  const consumer = nodeId('consumer', group)
  const waited = attempts.reduce((total, attempt) => total + attempt.queueMs, 0)
  const times = obligation.receiveCount
  pen.light(queue, {
    value: attempts.length === 0 ? obligation.state.replace('_', '-') : (durationWords(waited).split(' ')[0] ?? ''),
    unit: attempts.length === 0 ? '' : ` ${durationWords(waited).split(' ').slice(1).join(' ')} waited`,
    fact: times === 0 ? 'not delivered yet' : times === 1 ? 'delivered once' : `delivered ${times} times`,
  })
  pen.edge(topic, queue, 'path')
  if (attempts.length === 0) return

  const handled = attempts.reduce((total, attempt) => total + (attempt.handlingMs ?? 0), 0)
  pen.light(consumer, {
    value: `${attempts.length}`,
    unit: attempts.length === 1 ? ' attempt' : ' attempts',
    fact: `${durationWords(handled)} in the handler`,
  })
  const retries = retriesPassed(obligation, topology)
  const again = attempts.length > 1 && retries === undefined
  pen.edge(queue, consumer, again ? 'retry' : 'path', attemptsWord(attempts.map((one) => one.attempt)))
  for (const { id, words } of retries?.passed ?? []) {
    pen.light(id, words)
    pen.edge(consumer, id, 'retry')
    pen.edge(id, consumer, 'retry')
  }
  if (retries) trace.words.set(allRetriesOf(group), retries.all)
  for (const instance of new Set(attempts.map((attempt) => attempt.instance))) {
    const mine = attempts.filter((attempt) => attempt.instance === instance).map((attempt) => attempt.attempt)
    trace.replicas.set(instance, attemptsWord(mine))
  }
  if (obligation.effect) {
    const kind = obligation.effect.kind
    for (const { to } of topology.edges.filter((one) => one.from === consumer)) {
      if (topology.nodes.find((node) => node.id === to)?.effect !== kind) continue
      const at = obligation.settledAt === undefined ? '' : clock(obligation.settledAt)
      pen.light(to, { value: '1', unit: ` ${effectOf(kind).words.one}`, fact: at })
      pen.edge(consumer, to, 'path')
    }
  }
  if (obligation.state === 'dead_lettered') {
    const target = nodeId('dead_letter_queue', deadLetterQueueOf(group))
    pen.light(target, { value: '1', unit: '', fact: obligation.reason?.replace('_', ' ') ?? '' })
    for (const from of [consumer, queue]) pen.edge(from, target, 'retry')
  }
}
