import type { Journey } from '#contracts/api/journey.ts'
import { nodeId, type Topology, type TopologyNode } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import { senderOf } from '../../nodes/sender.ts'
import { durationWords } from '../../words/figures.ts'

/** What a folded service's card says of the message or flow that is followed. */
export interface CardTrace {
  value: string
  unit: string
  /** What it did with it, and how long. */
  did: string
  waited: string
  made: string
  /** When, since the start. */
  at: string
  /** Attempts after the first, and why the last of them was made. */
  retries: number
  retryWhy?: string
}

/** What one service did in the journeys that are followed. */
interface ServiceTrace {
  events: number
  attempts: number
  /** The error that led to the last retry. */
  lastError: string | undefined
  retries: number
  handled: number[]
  waited: number[]
  effects: string[]
  reported: string | undefined
  sent: number
  /** Epoch milliseconds of its last settlement. */
  lastAt: number | undefined
}

/** What the cards of services say of one message, or of the events of a flow; `start`: epoch milliseconds. */
export function cardTraces(journeys: readonly Journey[], topology: Topology, start: number): Map<string, CardTrace> {
  const cards = new Map<string, CardTrace>()
  const traces = new Map<string, ServiceTrace>()
  const services = new Map(
    topology.nodes
      .filter(({ kind }) => kind === 'producer' || kind === 'consumer')
      .map((node) => [node.name, node] as const),
  )
  const of = (service: string): ServiceTrace => {
    const known = traces.get(service)
    if (known) return known
    const fresh: ServiceTrace = {
      ...{ events: 0, attempts: 0, retries: 0, handled: [], waited: [], effects: [], sent: 0 },
      ...{ lastError: undefined, reported: undefined, lastAt: undefined },
    }
    traces.set(service, fresh)
    return fresh
  }
  for (const journey of journeys) {
    const sender = senderOf(journey)
    if (services.get(sender)?.kind === 'producer') cards.set(nodeId('producer', sender), sourceTrace(journey))
    else if (journey.cause) of(sender).sent += 1
    for (const obligation of journey.obligations) {
      const service = of(obligation.group)
      service.events += 1
      service.retries += Math.max(0, obligation.attempts.length - 1)
      for (const attempt of obligation.attempts) {
        service.attempts += 1
        service.lastError = attempt.error?.type ?? service.lastError
        service.waited.push(attempt.queueMs)
        if (attempt.handlingMs !== undefined) service.handled.push(attempt.handlingMs)
        service.reported = attempt.reported ?? service.reported
      }
      if (obligation.effect) service.effects.push(obligation.effect.kind)
      if (obligation.settledAt !== undefined) {
        service.lastAt = Math.max(service.lastAt ?? 0, Date.parse(obligation.settledAt))
      }
    }
  }
  for (const [name, service] of traces) {
    const node = services.get(name)
    if (node) cards.set(node.id, serviceTrace(node, service, start))
  }
  return cards
}

function sourceTrace({ id, type, publish }: Journey): CardTrace {
  const ackMs =
    publish.ackedAt === undefined ? undefined : Date.parse(publish.ackedAt) - Date.parse(publish.attemptedAt)
  return {
    value: ackMs === undefined ? publish.state : `${Math.max(0, Math.round(ackMs))}`,
    unit: ackMs === undefined ? '' : ' ms to ack',
    did: `${type}:${parseIdentity(id)?.seq ?? ''}`,
    waited: '',
    made: 'sent 1 event',
    at: '',
    retries: 0,
  }
}

const runner: Partial<Record<NonNullable<TopologyNode['body']>, string>> = {
  program: 'program',
  url: 'program',
  simulated: 'simulated',
}

function serviceTrace(node: TopologyNode, trace: ServiceTrace, start: number): CardTrace {
  const { attempts, events } = trace
  const many = events > 1 ? `, ${events} events` : ''
  return {
    value: attempts === 0 ? `${events}` : `${attempts}`,
    unit: attempts === 0 ? ' waiting' : `${attempts === 1 ? ' attempt' : ' attempts'}${many}`,
    did: trace.handled.length === 0 ? '' : `${runner[node.body ?? 'builtin'] ?? 'handler'} ${added(trace.handled)}`,
    waited: trace.waited.length === 0 ? '' : `waited ${added(trace.waited)}`,
    made: madeWords(trace),
    at: trace.lastAt === undefined ? '' : `+${durationWords(trace.lastAt - start)}`,
    retries: trace.retries,
    ...(trace.retries > 0 && trace.lastError !== undefined ? { retryWhy: trace.lastError } : {}),
  }
}

function madeWords({ effects, reported, sent }: ServiceTrace): string {
  const [kind] = effects
  if (kind === 'email' || kind === 'row') {
    const { one, many } = effectOf(kind).words
    return `${effects.length} ${effects.length === 1 ? one : many}`
  }
  if (sent > 0) return sent === 1 ? 'sent 1 event' : `sent ${sent} events`
  return reported ?? ''
}

/** Times that a card has room for one by one. */
const mostTimes = 3

/** `36 + 12 ms`; more of them, or longer ones, as their sum. */
export function added(times: readonly number[]): string {
  const total = times.reduce((sum, ms) => sum + ms, 0)
  if (times.length === 1 || times.length > mostTimes || times.some((ms) => ms >= 999.5)) return durationWords(total)
  return `${times.map((ms) => Math.round(ms)).join(' + ')} ms`
}
