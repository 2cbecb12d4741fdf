import { closeSync, openSync, writeSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { messageQuery } from '#contracts/api/journey.ts'
import { tailRowsPerFrame } from '#contracts/api/live.ts'
import { journeyView } from '../journeys/journey-view.ts'
import { readPerCall, search } from '../journeys/search.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { Tail } from '../live/tail.ts'
import { createBodyReader } from '../rehydrate/body-reader.ts'
import { unsettledOfBroker } from '../verdict/unsettled.ts'
import { leftByKill, temporary } from './intake.fixture.ts'
import { allPacked, frameOf, groups, openIntake } from './system.fixture.ts'

type System = Awaited<ReturnType<typeof openIntake>>

const perFrame = 500
const at = 1_000_000
let frames = 0

/** So many are published and acknowledged, from sequence number `from` on; each frame a second after the other. */
function publish({ intake }: System, count: number, from = 1): void {
  for (let seq = from; seq < from + count; seq += perFrame) {
    frames += 1
    intake.takeFrames([frameOf('producer', frames, wholeLife(seq, perFrame, [], at + seq * 1_000))])
  }
}

function deliver({ intake }: System, by: string[], from: number, count: number): void {
  frames += 1
  intake.takeFrames([frameOf('consumer', frames, wholeLife(from, count, by, at + from * 1_000).slice(2))])
}

const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`
const seqOf = ({ id }: { id: string }): number => Number(id.split(':')[3])

function journeyOf({ ledger, traces }: System, seq: number) {
  const found = ledger.find(idOf(seq))
  const journey = found && traces.get(found.sequence, found.seq)
  if (!journey) throw new Error(`${seq} is not kept`)
  return journey
}

const searchIn = ({ traces, entries }: System, query: Record<string, unknown>) =>
  search({ order: traces.order, find: () => undefined, readBody: createBodyReader(entries) }, messageQuery.parse(query))

/** What all pages of a search have. */
function allOf(system: System, query: Record<string, unknown>): { seqs: number[]; pages: number } {
  const seqs: number[] = []
  let cursor: string | undefined
  let pages = 0
  do {
    const page = searchIn(system, { ...query, ...(cursor === undefined ? {} : { cursor }) })
    seqs.push(...page.items.map(seqOf))
    cursor = page.nextCursor
    pages += 1
  } while (cursor !== undefined)
  return { seqs, pages }
}

const openPacked = async (directory: string, segment = 400_000): Promise<System> =>
  openIntake(directory, { segment, kept: 100, packing: allPacked })

describe('packed journeys', () => {
  it('are found by every filter, page by page, and stay packed', async () => {
    const system = await openPacked(await temporary())
    publish(system, 5_000)
    deliver(system, ['consumer-db'], 1, 700)
    expect(system.traces.order.packed).toBe(5_000)
    expect([...system.traces.slots.all()]).toEqual([])
    expect(system.traces.bodies.used).toBe(0)

    const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index)
    expect(allOf(system, { limit: 170 }).seqs).toEqual(down(5_000, 1))
    expect(allOf(system, { group: 'consumer-db', state: 'waiting', limit: 200 }).seqs).toEqual(down(5_000, 701))
    expect(allOf(system, { group: 'consumer-db', state: 'delivered', limit: 200 }).seqs).toEqual(down(700, 1))
    expect(allOf(system, { topic: 'order_placed', type: 'order_placed', broker: 'local' }).seqs).toHaveLength(5_000)
    expect(allOf(system, { type: 'user_signup' })).toEqual({ seqs: [], pages: 1 })
    expect(allOf(system, { broker: 'redis' })).toEqual({ seqs: [], pages: 1 })
    expect(allOf(system, { burst: 'none' })).toEqual({ seqs: [], pages: 1 })
    const from = new Date(at + 1_001 * 1_000).toISOString()
    const to = new Date(at + 2_001 * 1_000).toISOString()
    expect(allOf(system, { from, to }).seqs).toEqual(down(2_000, 1_001))
    // These have to be read, some on each page.
    const pages = Math.ceil(5_000 / readPerCall)
    expect(allOf(system, { key: '4f7a2c1e-93d0-4b6e-8a51-000000000003' })).toEqual({ seqs: [3], pages })
    expect(allOf(system, { q: '-000000004711"' })).toEqual({ seqs: [4_711], pages })
    expect(system.traces.order.packed).toBe(5_000)
  })

  it('are known as the oldest of a group without being read, and as samples of what is unsettled', async () => {
    const system = await openPacked(await temporary())
    publish(system, 3_000)
    deliver(system, ['consumer-db'], 1, 1_200)
    deliver(system, groups, 1, 30)
    const { traces, ledger } = system
    expect(traces.oldestOpen('consumer-db', 'local')).toMatchObject({ seq: 1_201, base: at + 1_001 * 1_000 })
    expect(traces.oldestOpen('consumer-email', 'local')?.seq).toBe(31)
    expect(traces.oldestOpen('consumer-email', 'redis')).toBeUndefined()
    const rows = unsettledOfBroker('local', ledger, traces).groups
    expect(rows.map(({ group, messages, samples }) => [group, messages, samples[0], samples.length])).toEqual([
      ['consumer-db', 1_800, idOf(1_201), 5],
      ['consumer-email', 2_970, idOf(31), 5],
    ])
    expect(traces.order.packed).toBe(2_970)
    expect(traces.openByType.get('order_placed')).toBe(2_970)
  })

  it('are counted for the live tail without being read, where it has no more room for them', async () => {
    const system = await openPacked(await temporary())
    const { order } = system.traces
    const tail = new Tail({ type: 'order_placed' }, order)
    const byText = new Tail({ q: '-000000000042"' }, order)
    publish(system, 1_000)
    const { rehydrate } = order
    let read = 0
    if (!rehydrate) throw new Error('nothing makes journeys again')
    order.rehydrate = {
      ...rehydrate,
      whole(packed) {
        read += 1
        return rehydrate.whole(packed)
      },
    }
    const taken = tail.take(order)
    expect(taken?.rows.map(seqOf)).toEqual(Array.from({ length: tailRowsPerFrame }, (_, index) => 951 + index))
    expect(taken?.skipped).toBe(1_000 - tailRowsPerFrame)
    expect(read).toBe(tailRowsPerFrame)
    expect(byText.take(order)).toMatchObject({ rows: [{ id: idOf(42) }], skipped: 0 })
    expect(order.packed).toBe(1_000)
  })

  it('wake when they are asked for by name, and are read when they are shown', async () => {
    const system = await openPacked(await temporary())
    publish(system, 1_000)
    const journey = journeyOf(system, 400)
    expect(system.traces.order.packed).toBe(999)
    expect(system.traces.order.at(399)).toBe(journey)
    expect(journeyView(journey, createBodyReader(system.entries))).toMatchObject({
      id: idOf(400),
      key: '4f7a2c1e-93d0-4b6e-8a51-000000000400',
      payload: { orderId: '4f7a2c1e-93d0-4b6e-8a51-000000000400' },
      headers: { traceparent: `00-${'400'.padStart(32, '0')}-${'400'.padStart(16, '0')}-01` },
      publish: { state: 'acked', ref: '9b2f77aa-0d1c-4a6e-8a51-000000000400' },
      obligations: [
        { group: 'consumer-email', state: 'waiting' },
        { group: 'consumer-db', state: 'waiting' },
      ],
    })
    system.traces.rest()
    expect(system.traces.order.packed).toBe(1_000)
  })

  it('keep their segments, and let go of them when they are settled', async () => {
    const directory = await temporary()
    const system = await openPacked(directory)
    const segments = async () => (await readdir(directory)).filter((name) => name.endsWith('.log')).length
    publish(system, 5_000)
    await system.intake.close()
    expect(await segments()).toBeGreaterThan(5)
    const again = await openPacked(directory)
    expect(again.traces.order.packed).toBe(5_000)
    for (let from = 1; from <= 5_000; from += perFrame) deliver(again, groups, from, perFrame)
    expect(again.traces.order.packed).toBe(0)
    expect(again.traces.openByType.get('order_placed')).toBe(0)
    await again.intake.close()
    expect(again.traces.slots.size).toBe(100)
    // The publishes and the deliveries of the last hundred, and the one that was begun at the end.
    expect(await segments()).toBeLessThan(5)
  })

  it('are the settled ones too, which are found, wake, and are dropped in their turn', async () => {
    const directory = await temporary()
    const system = await openIntake(directory, { segment: 400_000, kept: 1_000, packing: allPacked })
    publish(system, 1_500)
    deliver(system, groups, 1, 1_000)
    const { order, slots } = system.traces
    expect([order.packed, order.packedSettled, order.awakeSettled]).toEqual([500, 1_000, 0])
    expect([...slots.all()]).toEqual([])
    const delivered = { group: 'consumer-db', state: 'delivered', limit: 200 }
    expect(allOf(system, delivered).seqs).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_000 - index))
    expect(allOf(system, { q: '-000000000711"' }).seqs).toEqual([711])
    expect(allOf(system, { correlation: idOf(12) }).seqs).toEqual([12])
    expect(order.packedSettled).toBe(1_000)

    const view = journeyView(journeyOf(system, 250), createBodyReader(system.entries))
    expect(view).toMatchObject({
      id: idOf(250),
      payload: { orderId: '4f7a2c1e-93d0-4b6e-8a51-000000000250' },
      obligations: groups.map((group) => ({ group, state: 'delivered', attempts: [{ outcome: 'ok' }] })),
    })
    expect([order.packedSettled, order.awakeSettled]).toEqual([999, 1])
    // The first five hundred that were settled make room, the one that woke too.
    deliver(system, groups, 1_001, 500)
    expect([order.packed, order.packedSettled, slots.size]).toEqual([0, 1_000, 1_000])
    expect(allOf(system, delivered).seqs).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_500 - index))
    await system.intake.close()

    const again = await openIntake(directory, { segment: 400_000, kept: 1_000, packing: allPacked })
    expect([...again.traces.slots.all()]).toEqual([])
    expect(again.traces.order.packedSettled).toBe(1_000)
    expect(allOf(again, delivered).seqs).toHaveLength(1_000)
    expect(again.entries.problem).toBeUndefined()
  })

  it('are counted right where the journal is damaged, and it is said what cannot be read', async () => {
    const directory = await temporary()
    const system = await openPacked(directory)
    publish(system, 2_000)
    const [first] = (await readdir(directory)).filter((name) => name.endsWith('.log')).sort()
    const file = openSync(join(directory, first ?? ''), 'r+')
    writeSync(file, 'damaged', 2_000)
    closeSync(file)

    expect(allOf(system, { key: '4f7a2c1e-93d0-4b6e-8a51-000000000003' }).seqs).toEqual([])
    expect(system.entries.problem).toMatch(/cannot be read again: 1 \(segment \d+ is damaged/)
    deliver(system, ['consumer-db'], 1, 500)
    deliver(system, groups, 1, 250)
    expect(system.ledger.groups.at('order_placed', 'consumer-db')).toMatchObject({ waiting: 1_500, delivered: 500 })
    expect(system.ledger.groups.at('order_placed', 'consumer-email')).toMatchObject({ waiting: 1_750, delivered: 250 })
    expect(system.traces.openByType.get('order_placed')).toBe(1_750)
    const view = journeyView(journeyOf(system, 300), createBodyReader(system.entries))
    expect(view).toMatchObject({ id: idOf(300), type: 'order_placed', publish: { state: 'acked' }, raw: '' })
    expect(view.obligations.map(({ state }) => state).sort()).toEqual(['delivered', 'waiting'])
    expect(allOf(system, { key: '4f7a2c1e-93d0-4b6e-8a51-000000001500' }).seqs).toEqual([1_500])
  })
})

describe('dormancy', () => {
  const limits = { awake: 3_000, recentChunks: 1, fewest: 64, step: 1_024 }
  const open = (directory: string) => openIntake(directory, { segment: 400_000, kept: 100, packing: limits })
  const awakeSeqs = ({ traces }: System) => [...traces.slots.all()].map(({ seq }) => seq).sort((a, b) => a - b)

  it('leaves the oldest, which are delivered next, and the newest, which are looked at', async () => {
    const system = await open(await temporary())
    publish(system, 10_000)
    const awake = awakeSeqs(system)
    expect(awake.length).toBeLessThan(limits.awake + 2 * 1_024 + perFrame)
    expect(awake.slice(0, 2_048)).toEqual(Array.from({ length: 2_048 }, (_, index) => index + 1))
    expect(awake.at(-1)).toBe(10_000)
    expect(awake).toContain(9_500)
  })

  it('takes those too whose publish is answered after their chunk has left the newest', async () => {
    const system = await open(await temporary())
    const later = 3 * perFrame
    for (let seq = 1; seq <= 10_000 + later; seq += perFrame) {
      const attempted = seq <= 10_000 ? wholeLife(seq, perFrame, [], at).slice(0, 1) : []
      const answered = seq > later ? wholeLife(seq - later, perFrame, [], at).slice(1) : []
      frames += 1
      system.intake.takeFrames([frameOf('producer', frames, [...attempted, ...answered])])
      expect(system.traces.order.awake).toBeLessThan(limits.awake + later + 3 * 1_024 + perFrame)
    }
    expect(system.traces.openByType.get('order_placed')).toBe(10_000)
    expect(system.traces.order.awake).toBeLessThan(limits.awake + 2 * 1_024 + perFrame)
  })

  it('bounds what one group has done and another has not', async () => {
    const system = await open(await temporary())
    publish(system, 10_000)
    for (let from = 1; from <= 10_000; from += perFrame) {
      deliver(system, ['consumer-db'], from, perFrame)
      expect(system.traces.order.awake).toBeLessThan(limits.awake + 3 * 1_024 + perFrame)
    }
    expect(system.ledger.groups.at('order_placed', 'consumer-email').waiting).toBe(10_000)
    for (let from = 1; from <= 10_000; from += perFrame) deliver(system, ['consumer-email'], from, perFrame)
    expect(system.traces.openByType.get('order_placed')).toBe(0)
    expect(system.context.anomalies.list()).toEqual([])
    expect(system.traces.order.packed).toBe(0)
  })

  it('goes on while the journal is read after a kill', async () => {
    const directory = await temporary()
    const before = await open(directory)
    publish(before, 10_000)
    deliver(before, ['consumer-db'], 1, 500)
    const after = await open(await leftByKill(directory))
    expect(after.traces.openByType.get('order_placed')).toBe(10_000)
    expect(after.traces.order.awake).toBeLessThan(limits.awake + 2 * 1_024 + perFrame)
    expect(after.traces.order.packed + awakeSeqs(after).length).toBe(10_000)
    expect(allOf(after, { group: 'consumer-db', state: 'delivered' }).seqs).toHaveLength(500)
  })
})
