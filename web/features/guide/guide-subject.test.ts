import { expect, test } from 'vitest'
import { edgeId, nodeId, type Topology } from '#contracts/api/topology.ts'
import { guideSubject } from './guide-subject.ts'

/** A source and this many consumers without an effect, and how often an end of an edge is looked at. */
function counted(count: number) {
  let reads = 0
  const nodes: Topology['nodes'] = [
    { id: nodeId('producer', 'shop'), kind: 'producer', name: 'shop', state: 'up' },
    { id: nodeId('topic', 't'), kind: 'topic', name: 't', state: 'up' },
  ]
  const edges: Topology['edges'] = []
  const link = (from: string, to: string): void => {
    const edge = { id: edgeId(from, to), to, declared: true, observed: true }
    edges.push({
      ...edge,
      get from() {
        reads += 1
        return from
      },
    })
  }
  link(nodeId('producer', 'shop'), nodeId('topic', 't'))
  for (let at = 0; at < count; at += 1) {
    const name = `s${at}`
    for (const kind of ['queue', 'consumer'] as const) nodes.push({ id: nodeId(kind, name), kind, name, state: 'up' })
    link(nodeId('topic', 't'), nodeId('queue', name))
    link(nodeId('queue', name), nodeId('consumer', name))
  }
  return { found: guideSubject({ nodes, edges }, []), readsOfEach: reads / edges.length }
}

test('each edge is read as often in a lab of 1,000 services as in one of ten', () => {
  const [few, many] = [counted(10), counted(1_000)]
  expect([few.found, many.found]).toEqual([undefined, undefined])
  expect(many.readsOfEach).toBe(few.readsOfEach)
})
