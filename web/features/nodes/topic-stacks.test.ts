import { expect, test } from 'vitest'
import { edgeId, nodeId, type Topology } from '#contracts/api/topology.ts'
import { carriedBy, foldsOf } from './retry-nodes.ts'
import { isStack, stackOfLink, stackTopics } from './topic-stacks.ts'

/** One producer, two consumers; topics by the consumers that take them. */
function lab(takers: Record<string, string[]>): Topology {
  const nodes: Topology['nodes'] = [{ id: 'producer:till', kind: 'producer', name: 'till', state: 'up' }]
  const edges: Topology['edges'] = []
  const edge = (from: string, to: string, observed: boolean) =>
    edges.push({ id: edgeId(from, to), from, to, declared: true, observed })
  for (const name of ['mail', 'rows']) nodes.push({ id: nodeId('queue', name), kind: 'queue', name, state: 'up' })
  for (const [name, taken] of Object.entries(takers)) {
    nodes.push({ id: nodeId('topic', name), kind: 'topic', name, state: 'up' })
    edge('producer:till', nodeId('topic', name), name === 'c')
    for (const queue of taken) edge(nodeId('topic', name), nodeId('queue', queue), true)
  }
  return { nodes, edges }
}
const both = ['mail', 'rows']

test('topics with the same links are one place, which is there for all of them and their links', () => {
  const { nodes, edges } = stackTopics(lab({ a: both, b: both, lone: ['mail'], c: ['rows', 'mail'] }), 'links')
  const stacks = nodes.filter(isStack)
  expect(stacks.map(({ name }) => name)).toEqual(['3 topics'])
  expect(stacks.map(foldsOf)).toEqual([['topic:a', 'topic:b', 'topic:c']])
  expect(nodes.map(({ name }) => name)).toContain('lone')
  const at = edges.filter(({ id }) => stackOfLink(id) !== undefined)
  expect(at.map(carriedBy)).toEqual([
    ['producer:till->topic:a', 'producer:till->topic:b', 'producer:till->topic:c'],
    ['topic:a->queue:mail', 'topic:b->queue:mail', 'topic:c->queue:mail'],
    ['topic:a->queue:rows', 'topic:b->queue:rows', 'topic:c->queue:rows'],
  ])
  // One of them was seen: its line is no longer dashed.
  expect(at[0]?.observed).toBe(true)
})

test('all topics of a lab can be one place, whoever takes them', () => {
  const topology = lab({ a: both, b: ['mail'], c: ['rows'] })
  expect(stackTopics(topology, 'links')).toBe(topology)
  const { nodes, edges } = stackTopics(topology, 'lab')
  expect(nodes.filter(({ kind }) => kind === 'topic').map(foldsOf)).toEqual([['topic:a', 'topic:b', 'topic:c']])
  expect(edges).toHaveLength(3)
})

test('few topics stay as they are', () => {
  const topology = lab({ a: both, b: both })
  expect(stackTopics(topology, 'links')).toBe(topology)
  expect(stackTopics(topology, 'lab')).toBe(topology)
})
