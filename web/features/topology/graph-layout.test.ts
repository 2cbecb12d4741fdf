import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Topology } from '#contracts/api/topology.ts'
import { edgeId, nodeId, retryTopicNodeOf } from '#contracts/api/topology.ts'
import { foldsOf } from '#web/features/nodes/retry-nodes.ts'
import { placeEdges, pointAlong } from './edge-geometry.ts'
import { hasTileFigure, layoutGraph, layoutToFill, type PlacedNode } from './graph-layout.ts'
import { litAround, neighbour } from './lit-path.ts'
import { layoutToRead, layoutWithRetries } from './retry/drawn-retries.ts'

/** A lab with this many topics and consumers, each consumer with a queue, an effect and a dead-letter queue. */
function lab(topicCount: number, consumerCount: number, retries = 0): Topology {
  const topology: Topology = {
    nodes: [{ id: 'producer:producer', kind: 'producer', name: 'producer', state: 'up' }],
    edges: [],
  }
  const edge = (from: string, to: string) =>
    topology.edges.push({ id: edgeId(from, to), from, to, declared: true, observed: false })
  for (let at = 0; at < topicCount; at += 1) {
    topology.nodes.push({ id: nodeId('topic', `t${at}`), kind: 'topic', name: `t${at}`, state: 'up' })
    edge('producer:producer', nodeId('topic', `t${at}`))
  }
  for (let at = 0; at < consumerCount; at += 1) {
    const name = `consumer-${at}`
    for (const kind of ['queue', 'consumer', 'effect', 'dead_letter_queue'] as const)
      topology.nodes.push({ id: nodeId(kind, name), kind, name, state: 'up' })
    for (let topic = at % 2; topic < topicCount; topic += 1) edge(nodeId('topic', `t${topic}`), nodeId('queue', name))
    edge(nodeId('queue', name), nodeId('consumer', name))
    edge(nodeId('consumer', name), nodeId('effect', name))
    edge(nodeId('consumer', name), nodeId('dead_letter_queue', name))
    for (let level = 1; level <= retries; level += 1) {
      const id = retryTopicNodeOf(name, level)
      const retry = { group: name, level, delayMs: 200 * level }
      topology.nodes.push({ id, kind: 'retry_topic', name: `${name}.retry.${level}`, state: 'up', retry })
      edge(nodeId('consumer', name), id)
      edge(id, nodeId('consumer', name))
    }
  }
  return topology
}

const overlap = (a: PlacedNode, b: PlacedNode): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1

test('every node has a place and no two cards overlap, whatever the lab and the room', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 320, max: 2_000 }),
      fc.integer({ min: 200, max: 1_200 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 3 }),
      (topics, consumers, width, height, quiet, retries) => {
        const topology = lab(topics, consumers, retries)
        const layout = layoutGraph(topology, { width, height, quiet, replicas: { 'consumer-0': 3 } })
        const placed = [...layout.nodes.values()]
        expect(placed).toHaveLength(topology.nodes.length)
        for (const [at, one] of placed.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(0)
          expect(one.x + one.width).toBeLessThanOrEqual(layout.width + 1)
          expect(one.y + one.height).toBeLessThanOrEqual(layout.height + 1)
          for (const other of placed.slice(at + 1))
            expect(overlap(one, other), `${one.node.id} ${other.node.id}`).toBe(false)
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('a queue and its consumer are on one line', () => {
  const layout = layoutGraph(lab(3, 2), { width: 1_080, height: 596, quiet: false, replicas: {} })
  const middle = (id: string) => {
    const placed = layout.nodes.get(id)
    return placed ? placed.y + placed.height / 2 : Number.NaN
  }
  expect(Math.abs(middle('queue:consumer-1') - middle('consumer:consumer-1'))).toBeLessThanOrEqual(1)
})

test('at the drawn width the columns are where they are drawn', () => {
  const layout = layoutGraph(lab(3, 2), { width: 1_080, height: 596, quiet: false, replicas: {} })
  expect(layout.columns.map((column) => column.x)).toEqual([24, 206, 416, 676, 904])
})

test('edges run from the right side of one card to the left side of the other and part from each other', () => {
  const topology = lab(3, 2)
  const layout = layoutGraph(topology, { width: 1_080, height: 596, quiet: false, replicas: {} })
  const edges = placeEdges(topology, layout)
  expect(edges).toHaveLength(topology.edges.length)
  const starts = edges.filter(({ edge }) => edge.from === 'producer:producer').map((edge) => pointAlong(edge, 0).y)
  expect(new Set(starts).size).toBe(3)
  for (const placed of edges) {
    const { edge } = placed
    const from = layout.nodes.get(edge.from)
    expect(pointAlong(placed, 0).x).toBe(from ? from.x + from.width : Number.NaN)
    expect(pointAlong(placed, 1).x).toBe(layout.nodes.get(edge.to)?.x)
  }
})

test('selecting a queue lights what feeds it and what it feeds, and nothing beside', () => {
  const lit = litAround(lab(3, 2), { node: 'queue:consumer-1' })
  expect([...(lit?.nodes ?? [])].sort()).toEqual([
    'consumer:consumer-1',
    'dead_letter_queue:consumer-1',
    'effect:consumer-1',
    'producer:producer',
    'queue:consumer-1',
    'topic:t1',
    'topic:t2',
  ])
  expect(lit?.edges.has('topic:t0->queue:consumer-0')).toBe(false)
})

test('arrow keys follow links to the sides and the column up and down', () => {
  const topology = lab(3, 2)
  const layout = layoutGraph(topology, { width: 1_080, height: 596, quiet: false, replicas: {} })
  expect(neighbour(topology.edges, layout.nodes, 'queue:consumer-1', 'ArrowRight')).toBe('consumer:consumer-1')
  expect(neighbour(topology.edges, layout.nodes, 'queue:consumer-1', 'ArrowUp')).toBe('queue:consumer-0')
  expect(neighbour(topology.edges, layout.nodes, 'queue:consumer-0', 'ArrowUp')).toBeUndefined()
})

test('a large window enlarges the graph, and none of it leaves the room; others draw it as it is', () => {
  const topology = lab(3, 2)
  const room = { quiet: false, replicas: {} }
  expect(layoutToFill(topology, { ...room, width: 1_440, height: 556 }).enlarged).toBe(1)
  expect(layoutToFill(topology, { ...room, width: 1_920, height: 300 }).enlarged).toBe(1)
  const { layout, enlarged } = layoutToFill(topology, { ...room, width: 1_920, height: 735 })
  expect(enlarged).toBeGreaterThan(1.25)
  expect(layout.width * enlarged).toBeLessThanOrEqual(1_921)
  expect(layout.height * enlarged).toBeLessThanOrEqual(736)
})

test('tiles at the distances of cards have a figure only where the next tile does not cover it', () => {
  const layout = layoutGraph(lab(3, 2), { width: 1_440, height: 596, quiet: false, replicas: {} })
  expect(layout.tiles).toBe(false)
  expect([0.74, 0.68, 0.64].map((zoom) => hasTileFigure(layout, zoom))).toEqual([true, true, false])
})

test('retry topics stand below their queue, which stays on the line of its consumer', () => {
  const room = { width: 1_080, height: 780, quiet: false, replicas: {} }
  const { topology, layout } = layoutWithRetries(lab(3, 2, 3), room)
  expect(topology.nodes.filter(({ kind }) => kind === 'retry_topic')).toHaveLength(6)
  const box = (id: string) => layout.nodes.get(id) ?? { x: Number.NaN, y: Number.NaN, height: Number.NaN }
  const middle = (id: string) => box(id).y + box(id).height / 2
  expect(Math.abs(middle('queue:consumer-1') - middle('consumer:consumer-1'))).toBeLessThanOrEqual(1)
  const stack = ['queue:consumer-1', ...[1, 2, 3].map((level) => retryTopicNodeOf('consumer-1', level))].map(box)
  for (const [at, one] of stack.slice(1).entries()) {
    expect(one.x).toBe(stack[0]?.x)
    expect(one.y).toBeGreaterThanOrEqual((stack[at]?.y ?? 0) + (stack[at]?.height ?? 0))
  }
  expect(layout.columns[2]?.label).toBe('Queues and retry topics')
})

test.each([
  { height: 780, nodes: 3, row: 48 },
  { height: 556, nodes: 1, row: 76 },
  { height: 500, nodes: 1, row: 48 },
])('with $height px there are $nodes nodes of $row px for the retries of a group', ({ height, nodes, row }) => {
  const room = { width: 1_080, height, quiet: false, replicas: {} }
  const { topology, layout } = layoutWithRetries(lab(3, 2, 3), room)
  const drawn = [...layout.nodes.values()].filter(({ node }) => node.retry?.group === 'consumer-0')
  expect(drawn.map(({ cardHeight }) => cardHeight)).toEqual(Array.from({ length: nodes }, () => row))
  expect(layout.height).toBeLessThanOrEqual(height)
  expect(placeEdges(topology, layout)).toHaveLength(topology.edges.length)
})

test('a link to a retry topic leaves the consumer below and ends at the right side of the topic, its head to the left', () => {
  const room = { width: 1_080, height: 780, quiet: false, replicas: {} }
  const { topology, layout } = layoutWithRetries(lab(3, 2, 3), room)
  const id = retryTopicNodeOf('consumer-0', 2)
  const edges = placeEdges(topology, layout)
  const [into, back] = [edges.find(({ edge }) => edge.to === id), edges.find(({ edge }) => edge.from === id)]
  const [consumer, topic] = [layout.nodes.get('consumer:consumer-0'), layout.nodes.get(id)]
  if (!into || !back || !consumer || !topic) throw new Error('not drawn')
  expect(pointAlong(into, 0).y).toBe(consumer.y + consumer.cardHeight)
  expect(pointAlong(into, 1).x).toBe(topic.x + topic.width)
  expect(pointAlong(back, 0).x).toBe(topic.x + topic.width)
  expect(pointAlong(back, 1).x).toBe(consumer.x)
  expect(pointAlong(into, 1).y).not.toBe(pointAlong(back, 0).y)
  const tip = (head: string): number[] => [...head.matchAll(/[ML](-?[\d.]+)/g)].map(([, x]) => Number(x))
  const [end = 0, wing = 0] = tip(into.head)
  expect(wing).toBeGreaterThan(end)
})

test('where the height has no room for cards and retry topics all are tiles, with room for their labels', () => {
  const room = { width: 960, height: 356, quiet: false, replicas: {} }
  const { layout, topology } = layoutWithRetries(lab(3, 2, 3), room)
  expect(layout.tiles).toBe(true)
  const zoom = room.width / layout.width
  expect(zoom).toBeLessThan(0.75)
  expect(layout.height * zoom).toBeLessThanOrEqual(room.height + 1)
  const placed = [...layout.nodes.values()]
  expect(placed).toHaveLength(topology.nodes.length)
  for (const [at, one] of placed.entries())
    for (const other of placed.slice(at + 1)) expect(overlap(one, other), `${one.node.id} ${other.node.id}`).toBe(false)
  // Without retry topics such a window has cards as ever.
  expect(layoutWithRetries(lab(3, 2), room).layout.tiles).toBe(false)
})

test('in a narrow window the retry topics of a group are one tile', () => {
  const { topology, layout } = layoutWithRetries(lab(3, 2, 3), { width: 700, height: 500, quiet: false, replicas: {} })
  expect(layout.tiles).toBe(true)
  expect(topology.nodes.filter(({ kind }) => kind === 'retry_topic')).toHaveLength(2)
})

test('a low window has tiles where they fit, and cards that are zoomed to fit where not even tiles do', () => {
  const low = { width: 960, height: 316, quiet: false, replicas: {} }
  expect(layoutWithRetries(lab(3, 2), low).layout.tiles).toBe(true)
  expect(layoutWithRetries(lab(3, 5), { ...low, width: 1_280, height: 500 }).layout.tiles).toBe(false)
})

test.each([12, 48, 400])('%i topics that are taken alike stand in one place, and the graph can be read', (count) => {
  const room = { width: 1_080, height: 556, quiet: false, replicas: {} }
  const topology = lab(count, 1)
  const { layout, topology: drawn } = layoutToRead(topology, room)
  expect(drawn.nodes.filter(({ kind }) => kind === 'topic').map((node) => foldsOf(node).length)).toEqual([count])
  expect(Math.min(room.width / layout.width, room.height / layout.height)).toBe(1)
  const few = lab(3, 1)
  expect(layoutToRead(few, room).topology).toBe(few)
})

test('topics that each consumer takes others of stand in one place if no smaller step can be read', () => {
  const room = { width: 1_080, height: 556, quiet: false, replicas: {} }
  const topology = lab(48, 2)
  const shared = topology.edges.filter(({ from, to }) => from === 'topic:t7' || to === 'topic:t7')
  expect(shared.length).toBeGreaterThan(1)
  const { layout, topology: drawn } = layoutToRead(topology, room)
  expect(drawn.nodes.filter(({ kind }) => kind === 'topic').length).toBeLessThan(4)
  expect(layout.height).toBeLessThanOrEqual(room.height)
})
