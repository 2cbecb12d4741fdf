import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { messageQuery } from '#contracts/api/journey.ts'
import { testContext } from './apply/apply-context.fixture.ts'
import type { ApplyContext } from './apply/apply-context.ts'
import { applyRecord } from './apply/apply-record.ts'
import { journeyView } from './journey-view.ts'
import { examinedTextsPerCall, InvalidCursor, search } from './search.ts'
import { wholeLife } from './telemetry-life.fixture.ts'

const groups = ['consumer-email', 'consumer-db']
let context: ApplyContext

beforeEach(() => {
  context = testContext()
})

/** Publishes and settles `count` messages; `records` says how far their life goes (2: acknowledged, 8: delivered). */
function live(from: number, count: number, records = 8): void {
  const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
  for (const record of wholeLife(from, count, groups, 1_000_000 + from).slice(0, records)) {
    applyRecord(context, other, record, { segment: 1, offset: 0 })
  }
}

const find = (query: Record<string, unknown>) => search(kept(), messageQuery.parse(query))
const bodies = new Map<string, string>()
const kept = () => ({
  order: context.traces.order,
  readBody: ({ id }: { id: string }) => bodies.get(id),
  find(id: string) {
    const found = context.ledger.find(id)
    return found && context.traces.get(found.sequence, found.seq)
  },
})
const seqsOf = (items: { id: string }[]): number[] => items.map(({ id }) => Number(id.split(':')[3]))

describe('search', () => {
  it('pages from the newest to the oldest and meets each message once', () => {
    live(1, 250)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (limit) => {
        const seen: number[] = []
        let cursor: string | undefined
        do {
          const page = find({ limit, ...(cursor === undefined ? {} : { cursor }) })
          expect(page.items.length).toBeLessThanOrEqual(limit)
          seen.push(...seqsOf(page.items))
          cursor = page.nextCursor
        } while (cursor !== undefined)
        expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index))
      }),
    )
  })

  it('finds all that followed from one event, by its id and by text', () => {
    live(1, 5)
    const [attempted, settled] = wholeLife(1, 3, groups, 2_000_000)
    if (attempted?.kind !== 'publish.attempted' || settled?.kind !== 'publish.settled') throw new Error('no publish')
    const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
    const from = { producer: 'payment-1', topic: 'paid' }
    const messages = attempted.messages.map((message, index) => ({
      ...{ ...message, type: 'paid', correlationId: `producer-1:1:order_placed:${index === 2 ? 4 : 2}`, hops: 1 },
      givenId: `own-${index}`,
    }))
    for (const record of [
      { ...attempted, ...from, messages },
      { ...settled, ...from },
    ]) {
      applyRecord(context, other, record, { segment: 1, offset: 0 })
    }
    const idsOf = (query: Record<string, unknown>) => find(query).items.map(({ id }) => id)
    expect(idsOf({ correlation: 'producer-1:1:order_placed:2' })).toEqual([
      ...['payment-1:1:paid:2', 'payment-1:1:paid:1', 'producer-1:1:order_placed:2'],
    ])
    expect(idsOf({ correlation: 'producer-1:1:order_placed:5' })).toEqual(['producer-1:1:order_placed:5'])
    expect(idsOf({ correlation: 'nobody:1:x:1' })).toEqual([])
    expect(idsOf({ q: 'OWN-2' })).toEqual(['payment-1:1:paid:3'])
    expect(idsOf({ q: 'order_placed:4', type: 'paid' })).toEqual(['payment-1:1:paid:3'])
    const found = context.ledger.find('payment-1:1:paid:1')
    const journey = found && context.traces.get(found.sequence, found.seq)
    expect(journey && journeyView(journey, () => undefined)).toMatchObject({
      ...{ correlationId: 'producer-1:1:order_placed:2', givenId: 'own-0' },
      headers: { ce_correlationid: 'producer-1:1:order_placed:2', ce_hops: '1' },
    })
  })

  it('tells the brokers of messages apart', () => {
    live(1, 3)
    const moved = wholeLife(1, 2, groups, 2_000_000).slice(0, 2)
    const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
    for (const record of moved) {
      if (record.kind !== 'publish.attempted' && record.kind !== 'publish.settled') continue
      const second = {
        ...record,
        epoch: 2,
        ...(record.kind === 'publish.attempted' ? { broker: 'redis' as const } : {}),
      }
      applyRecord(context, other, second, { segment: 1, offset: 0 })
    }
    expect(find({ broker: 'redis' }).items.map(({ id, broker }) => [id, broker])).toEqual([
      ['producer-1:2:order_placed:2', 'redis'],
      ['producer-1:2:order_placed:1', 'redis'],
    ])
    expect(seqsOf(find({ broker: 'local' }).items)).toEqual([3, 2, 1])
    expect(find({ broker: 'kafka' }).items).toEqual([])
    expect(context.traces.oldestOpen('consumer-db', 'redis')?.id).toBe('producer-1:2:order_placed:1')
    expect(context.traces.oldestOpen('consumer-db', 'local')).toBeUndefined()
  })

  it('filters by state of a group, key, text, topic and time', () => {
    live(1, 10)
    live(11, 5, 2)
    expect(seqsOf(find({ state: 'waiting', group: 'consumer-db' }).items)).toEqual([15, 14, 13, 12, 11])
    expect(find({ state: 'delivered' }).items).toHaveLength(10)
    expect(seqsOf(find({ key: '4f7a2c1e-93d0-4b6e-8a51-000000000003' }).items)).toEqual([3])
    expect(find({ q: 'LIN.OKAFOR' }).items).toHaveLength(15)
    expect(find({ q: 'nowhere' }).items).toHaveLength(0)
    expect(find({ topic: 'user_signup' }).items).toHaveLength(0)
    expect(seqsOf(find({ from: new Date(1_000_011).toISOString() }).items)).toHaveLength(5)
    expect(find({ to: new Date(1_000_011).toISOString() }).items).toHaveLength(10)
  })

  it('takes states together: what is in flight, and all that is owed', () => {
    live(1, 3)
    live(4, 2, 2)
    live(6, 2, 3)
    live(8, 1, 1)
    expect(seqsOf(find({ state: 'in_flight' }).items)).toEqual([7, 6, 5, 4])
    expect(seqsOf(find({ state: 'in_flight', group: 'consumer-db' }).items)).toEqual([7, 6, 5, 4])
    expect(seqsOf(find({ state: 'owed', group: 'consumer-email' }).items)).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(seqsOf(find({ state: 'attempted' }).items)).toEqual([8])
  })

  it('finds the messages that are named, newest first, where the other filters hold', () => {
    live(1, 5)
    const ids = (...seqs: number[]) => seqs.map((seq) => `producer-1:1:order_placed:${seq}`).join(',')
    expect(seqsOf(find({ ids: ids(2, 5, 2, 900) }).items)).toEqual([5, 2])
    expect(find({ ids: ids(2, 5), state: 'waiting' }).items).toEqual([])
    expect(() => find({ ids: 'producer-1:1:order_placed' })).toThrow(/message ids/)
    expect(() => find({ ids: ids(...Array.from({ length: 101 }, (_, index) => index + 1)) })).toThrow(/at most 100/)
  })

  it('finds a message that only a consumer spoke of by its name', () => {
    const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
    for (const record of wholeLife(9, 1, groups, 1_000_000).slice(2)) {
      applyRecord(context, other, record, { segment: 1, offset: 0 })
    }
    expect(find({}).items).toEqual([])
    expect(seqsOf(find({ ids: 'producer-1:1:order_placed:9' }).items)).toEqual([9])
  })

  it('looks at a bounded number of texts in one call and goes on with the cursor', () => {
    for (let from = 1; from <= examinedTextsPerCall + 1_000; from += 1_000) live(from, 1_000, 2)
    const first = find({ q: '000000000001"' })
    expect(first.items).toHaveLength(0)
    expect(seqsOf(find({ q: '000000000001"', cursor: first.nextCursor }).items)).toEqual([1])
  })

  it('refuses a cursor of another list', () => {
    expect(() => find({ cursor: '../etc' })).toThrow(InvalidCursor)
  })

  it('knows the oldest unsettled message of a group', () => {
    live(1, 5)
    live(6, 5, 2)
    expect(context.traces.oldestOpen('consumer-db', 'local')?.seq).toBe(6)
    live(6, 2)
    expect(context.traces.oldestOpen('consumer-db', 'local')?.seq).toBe(8)
    expect(context.traces.openByType.get('order_placed')).toBe(3)
  })
})

describe('text', () => {
  it('is looked for in a body that memory no longer holds too', () => {
    live(1, 3)
    for (const journey of context.traces.slots.all()) {
      bodies.set(journey.id, `{"note":"${journey.seq === 2 ? 'apple' : 'pear'}"}`)
      journey.body = undefined
    }
    expect(seqsOf(find({ q: 'apple' }).items)).toEqual([2])
    bodies.clear()
    expect(find({ q: 'apple' }).items).toEqual([])
  })
})

describe('journey', () => {
  it('splits waiting from handling and reads a body that memory no longer holds from elsewhere', () => {
    live(1, 1)
    const [journey] = [...context.traces.slots.all()]
    if (!journey) throw new Error('the journey is not kept')
    journey.body = undefined
    const view = journeyView(journey, () => '{"read":"again"}')
    expect(view.payload).toEqual({ read: 'again' })
    expect(view.headers.ce_id).toBe('producer-1:1:order_placed:1')
    expect(view.publish).toMatchObject({ state: 'acked', ackedAt: new Date(1_000_003).toISOString() })
    expect(view.obligations[0]?.attempts[0]).toMatchObject({ queueMs: 3.25, handlingMs: 3.15, outcome: 'ok' })
  })

  it('L2 is the same whatever order the reports of producer and consumers come in', () => {
    const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
    const [attempted, settled, ...deliveries] = wholeLife(1, 1, groups, 1_000_000)
    if (!attempted || !settled) throw new Error('a life begins with its publish')
    for (const record of [...deliveries, attempted, settled]) {
      applyRecord(context, other, record, { segment: 1, offset: 0 })
    }
    const late = [...context.traces.slots.all()].map((journey) => journeyView(journey, () => undefined))
    const fresh = testContext()
    for (const record of [attempted, settled, ...deliveries]) {
      applyRecord(fresh, other, record, { segment: 1, offset: 0 })
    }
    expect(late).toEqual([...fresh.traces.slots.all()].map((journey) => journeyView(journey, () => undefined)))
  })
})
