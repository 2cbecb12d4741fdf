import { expect, it } from 'vitest'
import type { ServiceStatus } from '#contracts/api/live.ts'
import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { serviceWith } from '#contracts/service.fixture.ts'
import { initialLab } from '../lab/declared-lab.ts'
import { nodeStateOf, serviceState } from './node-states.ts'
import { type StructureNode, topologyStructure } from './topology-structure.ts'

const lab = initialLab(defaultLab)
const nothing = { edges: [], bindings: [] }
const edges = (observed: Parameters<typeof topologyStructure>[2], declared = lab) =>
  new Map(
    topologyStructure(defaultLab, declared, observed).edges.map(({ id, declared, observed }) => [
      id,
      { declared, observed },
    ]),
  )

it('draws every worker, topic, queue and effect of the declaration', () => {
  const { nodes } = topologyStructure(defaultLab, lab, nothing)
  expect(nodes.map(({ id }) => id)).toEqual([
    'producer:producer',
    'topic:user_signup',
    'topic:order_placed',
    'topic:payment_failed',
    'queue:consumer-email',
    'queue:consumer-db',
    'consumer:consumer-email',
    'effect:mailbox',
    'dead_letter_queue:consumer-email-dead-letters',
    'consumer:consumer-db',
    'effect:database',
    'dead_letter_queue:consumer-db-dead-letters',
  ])
  expect([...edges(nothing).values()].every(({ declared, observed }) => declared && !observed)).toBe(true)
  expect(edges(nothing).has('topic:payment_failed->queue:consumer-db')).toBe(false)
})

it('draws a consumer that the lab file gains, and nothing else names it', () => {
  const audit = serviceWith({ name: 'consumer-audit', receives: ['user_signup'], idempotent: true })
  const declaration = { ...defaultLab, services: [...defaultLab.services, audit] }
  const { nodes, edges } = topologyStructure(declaration, initialLab(declaration), nothing)
  expect(nodes.map(({ id }) => id)).toContain('consumer:consumer-audit')
  expect(edges.map(({ id }) => id)).toContain('topic:user_signup->queue:consumer-audit')
})

it('draws a chain: who sends what it receives, types that nobody declares, and what each service is made of', () => {
  const event = (name: string) => ({
    ...{ name, topic: name, version: 1, schema: { type: 'object' }, example: {} },
    ...{ builtIn: false, inLabFile: true },
  })
  const declaration: LabDeclaration = {
    ...defaultLab,
    events: [event('order_placed'), event('payment_captured')],
    services: [
      serviceWith({ name: 'shop', sends: ['order_placed'], body: { kind: 'source' } }),
      serviceWith({
        ...{ name: 'payment', receives: ['order_placed'], sends: ['payment_captured', 'order_placed'] },
        body: { kind: 'program', command: ['python3', 'payment.py'], directory: '/', env: {}, readyWithinMs: 1_000 },
      }),
    ],
  }
  const made = { ...event('made_on_screen'), inLabFile: false }
  const lab = initialLab(declaration)
  const seen = [{ from: 'producer:payment', to: 'topic:payment_captured' }]
  const { nodes, edges } = topologyStructure(
    declaration,
    { ...lab, eventTypes: [...lab.eventTypes, made] },
    { ...nothing, edges: seen },
  )
  expect(nodes.find(({ id }) => id === 'consumer:payment')).toMatchObject({
    ...{ body: 'program', runs: 'python3 payment.py', sends: ['payment_captured', 'order_placed'] },
  })
  expect(nodes.find(({ id }) => id === 'producer:shop')).toMatchObject({ body: 'source', runs: 'built-in source' })
  const sent = edges.filter(({ to }) => to.startsWith('topic:'))
  expect(sent.map(({ id, declared, observed }) => [id, declared, observed])).toEqual([
    ['producer:shop->topic:order_placed', true, false],
    ['consumer:payment->topic:payment_captured', true, true],
    ['consumer:payment->topic:order_placed', true, false],
    ['producer:shop->topic:made_on_screen', true, false],
  ])
})

it('flags wiring that the broker reports and nobody declared', () => {
  const seen = edges({
    edges: [],
    bindings: [
      { topic: 'payment_failed', group: 'consumer-db' },
      { topic: 'stray', group: 'consumer-x' },
    ],
  })
  expect(seen.get('topic:payment_failed->queue:consumer-db')).toEqual({ declared: false, observed: true })
  expect(seen.get('topic:stray->queue:consumer-x')).toEqual({ declared: false, observed: true })
})

it('marks declared edges on which a message was seen, and forgets wiring that was given up', () => {
  const seen = edges({
    bindings: [],
    edges: [
      { from: 'producer:producer', to: 'topic:user_signup' },
      { from: 'topic:payment_failed', to: 'queue:consumer-db' },
      { from: 'queue:consumer-email', to: 'consumer:consumer-db' },
      { from: 'producer:producer', to: 'topic:deleted' },
    ],
  })
  expect(seen.get('producer:producer->topic:user_signup')).toEqual({ declared: true, observed: true })
  expect(seen.has('topic:payment_failed->queue:consumer-db')).toBe(false)
  expect(seen.get('queue:consumer-email->consumer:consumer-db')).toEqual({ declared: false, observed: true })
  expect(seen.has('producer:producer->topic:deleted')).toBe(false)
})

it('sums replicas up to the state of their service', () => {
  const service = (...states: ServiceStatus['replicas'][number]['state'][]): ServiceStatus => ({
    name: 'consumer-db',
    connected: true,
    replicas: states.map((state, index) => ({
      instance: `consumer-db-${index}`,
      pid: 1,
      broker: 'local',
      state,
      restarts: 0,
      since: 0,
    })),
    links: [],
    gauges: [],
  })
  expect(serviceState(service('up', 'up'))).toBe('up')
  expect(serviceState(service('up', 'backoff'))).toBe('degraded')
  expect(serviceState(service('backoff', 'starting'))).toBe('restarting')
  expect(serviceState(service('waiting-for-broker'))).toBe('restarting')
  expect(serviceState(service('stopped', 'stopping'))).toBe('killed')
  expect(serviceState({ ...service('up'), connected: false })).toBe('unreachable')
  expect(serviceState(undefined)).toBe('unreachable')
})

it('a service whose replicas run is unreachable where what they deliver to does not answer', () => {
  const away = { since: 0, nextTryAt: 1 }
  const stateOf = (...all: (Partial<ServiceStatus['replicas'][number]> | undefined)[]) => {
    const replicas = all.map((over, index) => ({
      ...{ instance: `fraud-${index}`, pid: 1, broker: 'local' as const, state: 'up' as const, restarts: 0, since: 0 },
      ...over,
    }))
    const service: ServiceStatus = { name: 'fraud', connected: true, replicas, links: [], gauges: [] }
    const node: StructureNode = { id: 'consumer:fraud', kind: 'consumer', name: 'fraud' }
    return nodeStateOf(node, new Map([[service.name, service]]), { broker: true, database: true, mailbox: true })
  }
  expect(stateOf({})).toBe('up')
  expect(stateOf({ away }, { away })).toBe('unreachable')
  expect(stateOf({ away }, {})).toBe('degraded')
  expect(stateOf({ away, state: 'paused' })).toBe('paused')
})

it('draws the retry topics that a broker has, between a consumer and itself', () => {
  const standing = [1, 2, 3].map((level) => ({ group: 'consumer-db', level, waiting: 0 }))
  const retryTopicsOf = (policy: Partial<RetryPolicy>, levels = standing) => {
    const declared = {
      ...lab,
      subscriptions: lab.subscriptions.map((one) => ({ ...one, retryPolicy: { ...one.retryPolicy, ...policy } })),
    }
    const { nodes, edges } = topologyStructure(defaultLab, declared, nothing, levels)
    const drawn = nodes.filter(({ kind }) => kind === 'retry_topic')
    return drawn.map(({ id, retry }) => ({
      ...retry,
      edges: edges.filter(({ from, to }) => from === id || to === id).map(({ declared }) => declared),
    }))
  }
  const exponential = { initialIntervalMs: 200, backoffCoefficient: 2, maximumIntervalMs: 5_000 }
  const declared = [true, true]
  const group = 'consumer-db'
  expect(retryTopicsOf({ ...exponential, maximumAttempts: 6 })).toEqual([
    { ...{ group, level: 1, delayMs: 200 }, edges: declared },
    { ...{ group, level: 2, delayMs: 400 }, edges: declared },
    // The last one takes what failed for the third, fourth and fifth time.
    { ...{ group, level: 3, delayMs: 3_200 }, edges: declared },
  ])
  expect(retryTopicsOf({ ...exponential, maximumAttempts: 2 })).toEqual([
    { group, level: 1, delayMs: 200, edges: declared },
  ])
  // Where retries block their partition, redrives alone pass the first one.
  expect(retryTopicsOf({ mode: 'blocking' })).toEqual([{ group, level: 1, edges: declared }])
  const left = standing.map((one) => ({ ...one, waiting: one.level === 3 ? 4 : 0 }))
  expect(retryTopicsOf({ ...exponential, maximumAttempts: 2 }, left).map(({ level, edges }) => [level, edges])).toEqual(
    [
      [1, declared],
      [3, [false, false]],
    ],
  )
  expect(topologyStructure(defaultLab, lab, nothing).nodes.some(({ kind }) => kind === 'retry_topic')).toBe(false)
})
