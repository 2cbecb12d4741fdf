import { expect, it } from 'vitest'
import type { ServiceStatus } from '#contracts/api/live.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { initialLab } from '../lab/declared-lab.ts'
import { serviceState } from './node-states.ts'
import { topologyStructure } from './topology-structure.ts'

const labTopology = loadLab()

const lab = initialLab(labTopology, builtInEventTypes)
const nothing = { edges: [], bindings: [] }
const edges = (observed: Parameters<typeof topologyStructure>[2], declared = lab) =>
  new Map(
    topologyStructure(labTopology, declared, observed).edges.map(({ id, declared, observed }) => [
      id,
      { declared, observed },
    ]),
  )

it('draws every worker, topic, queue and effect of the declaration', () => {
  const { nodes } = topologyStructure(labTopology, lab, nothing)
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

it('draws a consumer that the topology file gains, and nothing else names it', () => {
  const audit = { name: 'consumer-audit', replicas: 1, subscribesTo: ['user_signup'], idempotent: true }
  const declaration = { ...labTopology, consumers: [...labTopology.consumers, audit] }
  const { nodes, edges } = topologyStructure(declaration, initialLab(declaration, builtInEventTypes), nothing)
  expect(nodes.map(({ id }) => id)).toContain('consumer:consumer-audit')
  expect(edges.map(({ id }) => id)).toContain('topic:user_signup->queue:consumer-audit')
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
