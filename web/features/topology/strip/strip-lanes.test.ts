import { expect, test } from 'vitest'
import type { Topology } from '#contracts/api/topology.ts'
import { sourcesOf, stripLanes } from './strip-lanes.ts'

const node = (id: string, kind: Topology['nodes'][number]['kind']): Topology['nodes'][number] => ({
  id,
  kind,
  name: id,
  state: 'up',
})
const edge = (from: string, to: string): Topology['edges'][number] => ({
  id: `${from}->${to}`,
  from,
  to,
  declared: true,
  observed: false,
})

test('a lane leads from the queue of a group to its effects, dead letters last', () => {
  const topology: Topology = {
    nodes: [
      node('p', 'producer'),
      node('t', 'topic'),
      node('q', 'queue'),
      node('dead', 'dead_letter_queue'),
      node('c', 'consumer'),
      node('mail', 'effect'),
      node('lone', 'consumer'),
    ],
    edges: [edge('p', 't'), edge('t', 'q'), edge('q', 'c'), edge('q', 'dead'), edge('c', 'dead'), edge('c', 'mail')],
  }
  expect(stripLanes(topology).map(({ nodes }) => nodes.map(({ id }) => id))).toEqual([
    ['q', 'c', 'mail', 'dead'],
    ['lone'],
  ])
  expect(sourcesOf(topology).map(({ id }) => id)).toEqual(['p'])
})
