import { expect, test } from 'vitest'
import { edgeId, nodeId, type Topology } from '#contracts/api/topology.ts'
import { chainEdges, chainNodes } from '../chain/chain-elements.ts'
import { layoutChainToFill } from '../chain/chain-layout.ts'
import { foldServices } from '../chain/fold-services.ts'
import { isDense, markAt, thinnedOut } from './dense-drawing.ts'

/** A source and this many services, each of which takes what an earlier one sends. */
function many(count: number): Topology {
  const nodes: Topology['nodes'] = [
    { id: nodeId('producer', 'shop'), kind: 'producer', name: 'shop', state: 'up' },
    { id: nodeId('topic', 't0'), kind: 'topic', name: 't0', state: 'up' },
  ]
  const edges: Topology['edges'] = []
  const link = (from: string, to: string): void => {
    edges.push({ id: edgeId(from, to), from, to, declared: true, observed: true })
  }
  link(nodeId('producer', 'shop'), nodeId('topic', 't0'))
  for (let at = 1; at <= count; at += 1) {
    const name = `s${at}`
    for (const kind of ['queue', 'consumer'] as const) nodes.push({ id: nodeId(kind, name), kind, name, state: 'up' })
    nodes.push({ id: nodeId('topic', `t${at}`), kind: 'topic', name: `t${at}`, state: 'up' })
    link(nodeId('topic', `t${Math.floor((at - 1) / 8)}`), nodeId('queue', name))
    link(nodeId('queue', name), nodeId('consumer', name))
    link(nodeId('consumer', name), nodeId('topic', `t${at}`))
  }
  return { nodes, edges }
}

/** The drawing of a whole lab in a window, with the zoom that fits it. */
function drawnWhole(count: number) {
  const folded = foldServices(many(count))
  const room = { width: 1_080, height: 556, rows: new Map<string, number>() }
  const { layout } = layoutChainToFill(folded, room)
  const zoom = Math.max(0.15, Math.min(1, room.width / layout.width, room.height / layout.height))
  const nodes = chainNodes(folded, layout, undefined, new Map())
  const edges = chainEdges(folded, layout, undefined, {})
  const thinned = thinnedOut(
    nodes,
    edges,
    ({ data }) => ({ queue: data.parts.queue }),
    ({ data }) => data?.placed,
  )
  return { nodes, edges, zoom, thinned }
}

test('500 services that are seen whole are marks and lines on one canvas: no card and no edge is left as an element', () => {
  const { nodes, edges, zoom, thinned } = drawnWhole(500)
  expect(isDense(nodes.length, zoom)).toBe(true)
  expect(thinned.nodes).toEqual([])
  expect(thinned.edges).toEqual([])
  expect(thinned.dense.marks.map(({ id }) => id)).toEqual(nodes.map(({ id }) => id))
  expect(thinned.dense.edges).toHaveLength(edges.length)
})

test('marks do not cover each other: each is found where its card was', () => {
  const { nodes, thinned } = drawnWhole(200)
  for (const { id, position, width = 0, height = 0 } of nodes) {
    expect(markAt(thinned.dense, { x: position.x + width / 2, y: position.y + height / 2 })).toBe(id)
  }
  expect(markAt(thinned.dense, { x: -50, y: -50 })).toBeUndefined()
})

test('a few cards, and cards near enough to be read, stay elements', () => {
  expect(isDense(150, 0.2)).toBe(false)
  expect(isDense(2_000, 0.5)).toBe(false)
})

test('an edge between two cards that stay is an edge still', () => {
  const { nodes, edges } = drawnWhole(3)
  const kept = thinnedOut(
    nodes,
    edges,
    () => undefined,
    ({ data }) => data?.placed,
  )
  expect(kept).toEqual({ nodes, edges, dense: { marks: [], edges: [] } })
})
