import { expect, test } from 'vitest'
import type { Topology, TopologyNode } from '#contracts/api/topology.ts'
import { foldServices } from './fold-services.ts'
import { hiddenNames, withoutHidden } from './hidden.ts'

const node = (kind: TopologyNode['kind'], name: string): TopologyNode => ({
  id: `${kind}:${name}`,
  kind,
  name,
  state: 'up',
})
const edge = (from: string, to: string): Topology['edges'][number] => ({
  ...{ id: `${from}->${to}`, from, to, declared: true, observed: false },
})
const topology: Topology = {
  nodes: [
    node('producer', 'shop'),
    ...['orders', 'paid'].map((name) => node('topic', name)),
    ...['pay-in', 'pay-out', 'mail'].flatMap((name) => [node('queue', name), node('consumer', name)]),
  ],
  edges: [
    edge('producer:shop', 'topic:orders'),
    ...['pay-in', 'pay-out'].map((name) => edge('topic:orders', `queue:${name}`)),
    edge('consumer:pay-in', 'topic:paid'),
    edge('topic:paid', 'queue:mail'),
    ...['pay-in', 'pay-out', 'mail'].map((name) => edge(`queue:${name}`, `consumer:${name}`)),
  ],
}
const folded = foldServices(topology)
const shown = (...names: string[]): string[] => withoutHidden(folded, new Set(names)).nodes.map(({ id }) => id)

test('a service is hidden by its name, a group by its prefix, and topics that nobody shown has to do with go too', () => {
  expect(withoutHidden(folded, new Set())).toBe(folded)
  expect(shown('pay-out')).toEqual(['producer:shop', 'topic:orders', 'topic:paid', 'consumer:pay-in', 'consumer:mail'])
  expect(shown('pay-')).toEqual(['producer:shop', 'topic:orders', 'topic:paid', 'consumer:mail'])
  expect(shown('pay-', 'mail')).toEqual(['producer:shop', 'topic:orders'])
  expect(withoutHidden(folded, new Set(['pay-'])).edges.map(({ id }) => id)).not.toContain('topic:orders->queue:pay-in')
})

test('the address has the names', () => {
  expect(hiddenNames.read(undefined)).toEqual(new Set())
  expect(hiddenNames.read('pay-,mail')).toEqual(new Set(['pay-', 'mail']))
})
