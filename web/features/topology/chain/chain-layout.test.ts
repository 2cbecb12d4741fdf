import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edgeId, nodeId, type Topology } from '#contracts/api/topology.ts'
import { chainNodes } from './chain-elements.ts'
import { cardsFromZoom, layoutChain, layoutChainToFill } from './chain-layout.ts'
import type { Box } from './columns.ts'
import { foldServices, isChain } from './fold-services.ts'
import { layoutGroups } from './group-layout.ts'
import { serviceGroupsOf } from './groups.ts'
import { ranksOf } from './ranks.ts'
import { routesOf } from './routes.ts'

interface Service {
  name: string
  receives?: string[]
  sends?: string[]
}

/** The topology that these services make, with a queue and a dead-letter queue for each that receives. */
function lab(services: readonly Service[]): Topology {
  const topology: Topology = { nodes: [], edges: [] }
  const node = (kind: Topology['nodes'][number]['kind'], name: string): string => {
    const id = nodeId(kind, name)
    if (!topology.nodes.some((one) => one.id === id)) topology.nodes.push({ id, kind, name, state: 'up' })
    return id
  }
  const edge = (from: string, to: string): void => {
    topology.edges.push({ id: edgeId(from, to), from, to, declared: true, observed: true })
  }
  for (const { name, receives = [], sends = [] } of services) {
    const id = node(receives.length > 0 ? 'consumer' : 'producer', name)
    for (const type of receives) edge(node('topic', type), node('queue', name))
    if (receives.length > 0) {
      edge(nodeId('queue', name), id)
      edge(id, node('dead_letter_queue', `${name}-dead-letters`))
    }
    for (const type of sends) edge(id, node('topic', type))
  }
  return topology
}

const checkout = lab([
  { name: 'shop', sends: ['order_placed'] },
  { name: 'payment', receives: ['order_placed'], sends: ['payment_captured', 'payment_declined'] },
  { name: 'warehouse', receives: ['payment_captured'], sends: ['shipment_sent'] },
  { name: 'consumer-email', receives: ['shipment_sent', 'payment_declined'] },
  { name: 'consumer-db', receives: ['order_placed', 'shipment_sent'] },
])

/** This many services, each of which takes what some of the earlier ones send. */
function many(count: number, reach = 5): Topology {
  return lab(
    Array.from({ length: count }, (_, at) => ({
      name: `${['cart', 'order', 'ship', 'bill'][at % 4]}-${at}`,
      sends: [`t${at}`],
      receives: at < Math.max(1, count / 20) ? [] : [`t${Math.max(0, at - 1 - ((at * 7) % reach))}`],
    })),
  )
}

const room = { width: 1_080, height: 556, rows: new Map<string, number>() }
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1 && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1

function overlaps(boxes: Iterable<Box>): string[] {
  const all = [...boxes].sort((a, b) => a.x - b.x)
  const found: string[] = []
  for (const [at, one] of all.entries()) {
    for (let next = at + 1; (all[next]?.x ?? Infinity) < one.x + one.width; next += 1) {
      const other = all[next]
      if (other && overlap(one, other)) found.push(`${one.id} ${other.id}`)
    }
  }
  return found
}

const stagesOf = (topology: Topology): Record<string, number> => {
  const { boxes } = layoutChain(foldServices(topology), room)
  return Object.fromEntries([...boxes].map(([id, { column }]) => [id, column]))
}

describe('stages', () => {
  test('a lab of one hop is no chain', () => {
    expect(
      isChain(
        lab([
          { name: 'p', sends: ['a'] },
          { name: 'c', receives: ['a'] },
        ]),
      ),
    ).toBe(false)
    expect(isChain(checkout)).toBe(true)
  })

  test('a service is one stage after the last one that it hears of, and topics between', () => {
    expect(stagesOf(checkout)).toEqual({
      ...{ 'producer:shop': 0, 'topic:order_placed': 1, 'consumer:payment': 2 },
      ...{ 'topic:payment_captured': 3, 'topic:payment_declined': 3, 'consumer:warehouse': 4 },
      ...{ 'topic:shipment_sent': 5, 'consumer:consumer-email': 6, 'consumer:consumer-db': 6 },
    })
    const { heads } = layoutChain(foldServices(checkout), room)
    expect(heads.map(({ label }) => label)).toEqual(['Stage 1, starts', 'Stage 2', 'Stage 3', 'Stage 4, ends'])
  })

  test('the longest way is one straight line', () => {
    const { boxes } = layoutChain(foldServices(checkout), room)
    const line = (id: string): number => {
      const box = boxes.get(id)
      return box ? box.y + box.port : Number.NaN
    }
    const spine = [
      'producer:shop',
      'topic:order_placed',
      'consumer:payment',
      'topic:payment_captured',
      'consumer:warehouse',
    ]
    expect(new Set(spine.map(line)).size).toBe(1)
  })

  test('a circle is opened at the link that closes it, and a service that hears itself is one', () => {
    const circle = lab([
      { name: 'start', sends: ['a'] },
      { name: 'one', receives: ['a', 'c'], sends: ['b'] },
      { name: 'two', receives: ['b'], sends: ['c'] },
      { name: 'self', receives: ['d', 'b'], sends: ['d'] },
    ])
    const folded = foldServices(circle)
    const layout = layoutChain(folded, room)
    expect([...layout.back].sort()).toEqual(['topic:c->queue:one', 'topic:d->queue:self'])
    const wanted = folded.edges.map(({ id, from, to }) => ({ id, from, to, back: layout.back.has(id) }))
    const routes = routesOf(layout.boxes, wanted, { half: undefined, scale: 1 })
    const highest = Math.min(...[...layout.boxes.values()].map(({ y }) => y))
    expect(routes.get('topic:c->queue:one')?.curves[1]?.[0].y).toBeLessThan(highest)
  })

  test('only circles, without a start, have stages too', () => {
    const { rank, back } = ranksOf(
      ['a', 'b'],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    )
    expect([rank.get('a'), rank.get('b'), back.size]).toEqual([0, 1, 1])
  })

  test('an edge that would cross a card runs below all that it passes, the others straight', () => {
    const folded = foldServices(checkout)
    const { boxes, back } = layoutChain(folded, { ...room, width: 1_400 })
    const wanted = folded.edges.map(({ id, from, to }) => ({ id, from, to, back: back.has(id) }))
    const routes = routesOf(boxes, wanted, { half: undefined, scale: 1 })
    expect([...routes].filter(([, { around }]) => around).map(([id]) => id)).toEqual([
      'topic:order_placed->queue:consumer-db',
    ])
    const warehouse = boxes.get('consumer:warehouse')
    const lane = routes.get('topic:order_placed->queue:consumer-db')?.curves[1]?.[0].y ?? 0
    expect(lane).toBeGreaterThanOrEqual((warehouse?.y ?? 0) + (warehouse?.height ?? 0) + 36)
  })
})

describe('placing', () => {
  test.each([5, 50, 500])(
    '%i services: each has a place, none covers another, and the same is drawn again',
    (count) => {
      for (const reach of [1, 5, count]) {
        const folded = foldServices(many(count, reach))
        const layout = layoutChain(folded, room)
        expect(layout.boxes.size).toBe(folded.nodes.length)
        expect(overlaps(layout.boxes.values())).toEqual([])
        expect(layoutChain(foldServices(many(count, reach)), room)).toEqual(layout)
        for (const box of layout.boxes.values()) {
          expect(box.x).toBeGreaterThanOrEqual(0)
          expect(box.x + box.width).toBeLessThanOrEqual(layout.width + 1)
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height + 1)
        }
      }
    },
  )

  test('whatever the lab and the room, no card covers another', () => {
    const services = fc.array(
      fc.record({
        receives: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }),
        sends: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    const size = { width: fc.integer({ min: 320, max: 2_400 }), height: fc.integer({ min: 200, max: 1_400 }) }
    fc.assert(
      fc.property(services, fc.record(size), (found, { width, height }) => {
        const topology = lab(
          found.map(({ receives, sends }, at) => ({
            name: `s${at}`,
            receives: receives.map((type) => `t${type}`),
            sends: sends.map((type) => `t${type}`),
          })),
        )
        const rows = new Map([['consumer:s1', 3]])
        const { layout, enlarged } = layoutChainToFill(foldServices(topology), { width, height, rows })
        expect(overlaps(layout.boxes.values())).toEqual([])
        expect(enlarged).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 200 },
    )
  })

  test('work grows with the nodes and links, not with their square', () => {
    const reads = (count: number): number => {
      let taken = 0
      const links = foldServices(many(count)).edges.map(({ from, to }) => ({
        get from() {
          taken += 1
          return from
        },
        to,
      }))
      const ids = [...new Set(links.flatMap(({ from, to }) => [from, to]))]
      ranksOf(ids, links)
      return taken / links.length
    }
    expect(reads(500)).toBeLessThanOrEqual(reads(50) + 1)
    expect(reads(500)).toBeLessThan(10)
  })

  test.each([320, 720, 1_080])('cards that are looked at closely cover nothing either, in a room of %i px', (width) => {
    const folded = foldServices(many(50))
    const layout = layoutChain(folded, { ...room, width })
    const boxes = chainNodes(folded, layout, undefined, new Map()).map(
      ({ id, position, width: w = 0, height = 0 }) => ({
        ...{ id, x: position.x, y: position.y, width: w, height, port: 0, column: 0 },
      }),
    )
    expect(boxes).toHaveLength(folded.nodes.length)
    expect(overlaps(boxes)).toEqual([])
  })

  test('in a narrow room it is laid out for tiles, which can still be named', () => {
    const layout = layoutChain(foldServices(checkout), { ...room, width: 720 })
    expect(layout.tiles).toBe(true)
    const zoom = 720 / layout.width
    expect(zoom).toBeLessThan(cardsFromZoom)
    expect(layout.pitch * zoom).toBeGreaterThan(64)
  })
})

describe('groups', () => {
  const folded = foldServices(many(50))
  const groups = serviceGroupsOf(folded)

  test('services of one prefix are one card, with one line for all topics between two', () => {
    expect(groups.map(({ prefix, members }) => [prefix, members.length])).toEqual([
      ['cart-', 13],
      ['order-', 13],
      ['ship-', 12],
      ['bill-', 12],
    ])
    const { boxes, bundles } = layoutGroups(folded, groups, new Set(), room)
    expect([...boxes.keys()].sort()).toEqual(groups.map(({ id }) => id).sort())
    expect(new Set(bundles.map(({ id }) => id)).size).toBe(bundles.length)
    expect(bundles.every(({ from, to }) => from !== to)).toBe(true)
    expect(bundles.every(({ topics }) => topics.length > 0)).toBe(true)
  })

  test('an open group is a frame around its services, in its place', () => {
    const { boxes, frames, bundles } = layoutGroups(folded, groups, new Set(['order-']), room)
    const frame = frames.get('group:order-')
    expect(boxes.has('group:order-')).toBe(false)
    const members = groups.find(({ prefix }) => prefix === 'order-')?.members ?? []
    for (const member of members) {
      const box = boxes.get(member)
      expect(box && frame && box.x >= frame.x && box.x + box.width <= frame.x + frame.width).toBe(true)
      expect(box && frame && box.y >= frame.y && box.y + box.height <= frame.y + frame.height).toBe(true)
    }
    expect(overlaps(boxes.values())).toEqual([])
    expect(
      overlaps([...frames.values(), ...[...boxes].filter(([id]) => id.startsWith('group:')).map(([, box]) => box)]),
    ).toEqual([])
    expect(bundles.some(({ to }) => members.includes(to))).toBe(true)
  })

  test('500 services with every group open cover nothing', () => {
    const big = foldServices(many(500))
    const all = serviceGroupsOf(big)
    const { boxes } = layoutGroups(big, all, new Set(all.map(({ prefix }) => prefix)), room)
    expect(boxes.size).toBe(500)
    expect(overlaps(boxes.values())).toEqual([])
  })

  test('names alone, and prefixes of only two, make no group', () => {
    expect(serviceGroupsOf(foldServices(checkout))).toEqual([])
  })
})
