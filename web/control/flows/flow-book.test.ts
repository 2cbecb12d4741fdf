import { describe, expect, it } from 'vitest'
import { type FlowQuery, flowQuery } from '#contracts/api/flow.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { checkoutFlow } from '../intake/flow-history.fixture.ts'
import { leftByKill, temporary } from '../intake/intake.fixture.ts'
import { frameOf, openIntake } from '../intake/system.fixture.ts'
import { journeyView } from '../journeys/journey-view.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { createBodyReader } from '../rehydrate/body-reader.ts'
import { flowEvidence } from './flow-evidence.ts'
import { listFlows } from './flow-list.ts'
import { viewOfFlow } from './flow-view.ts'

type System = Awaited<ReturnType<typeof openIntake>>
const groups = ['consumer-email', 'consumer-db']
const firstId = (seq: number): string => `producer-1:1:order_placed:${seq}`

/** A lab that takes orders and hears of events that follow from them. */
async function openShop(options: { directory?: string; keptFlows?: number; kept?: number } = {}) {
  const clock = { now: 1_000_000 }
  const directory = options.directory ?? (await temporary())
  const { keptFlows = 10, kept = 1_000 } = options
  const system = await openIntake(directory, {
    flows: [checkoutFlow],
    keptFlows,
    kept,
    now: () => clock.now,
    segment: 1_000_000,
  })
  let frames = options.directory ? 1_000 : 0
  const push = (records: TelemetryRecord[]): void => {
    frames += 1
    system.intake.takeFrames([frameOf('all', frames, records)])
  }
  return {
    ...{ system, clock, directory, push },
    /** Orders that were published, and settled by these groups. */
    order: (from: number, count = 1, by = groups) => push(wholeLife(from, count, by, clock.now)),
    /** An event of a service that follows from an order; accepted, and settled by these groups. */
    follow(type: string, seq: number, order: number, by = ['consumer-email']) {
      const life = wholeLife(seq, 1, by, clock.now)
      push(life.map((record) => followed(record, type, firstId(order))))
    },
    look() {
      system.flows.look(undefined)
      system.intake.resolve(system.flows.look(clock.now).map((flow) => ({ what: 'stalled' as const, ...flow })))
    },
  }
}

/** The same life, with a report of an event of `payment-1` that follows from `first`. */
function followed(record: TelemetryRecord, type: string, first: string): TelemetryRecord {
  const text = JSON.stringify(record).replaceAll('producer-1', 'payment-1').replaceAll('order_placed', type)
  const reported = JSON.parse(text) as TelemetryRecord
  if (reported.kind === 'publish.attempted') for (const message of reported.messages) message.correlationId = first
  return reported
}

const findIn =
  ({ ledger, traces }: System) =>
  (id: string) => {
    const found = ledger.find(id)
    return found && traces.get(found.sequence, found.seq)
  }
const sourcesOf = (system: System) => ({ book: system.flows, find: findIn(system) })
const listIn = (system: System, query: Partial<FlowQuery>) =>
  listFlows(sourcesOf(system), { ...flowQuery.parse({}), ...query })
const anomalyIn = ({ context }: System, name: string) => context.anomalies.list().find((found) => found.name === name)

describe('flows', () => {
  it('L51 are open until they have an end and everything on the way is settled', async () => {
    const { system, order, follow } = await openShop()
    order(1, 1, ['consumer-db'])
    follow('paid', 1, 1)
    expect(system.flows.figures()).toMatchObject([{ started: 1, open: 1, ended: 0 }])
    expect(listIn(system, {}).flows).toMatchObject([{ state: 'open', endedBy: ['paid'], unsettled: 1, events: 2 }])
    system.intake.takeFrames([frameOf('email', 1, wholeLife(1, 1, ['consumer-email'], 1_000_100).slice(2))])
    expect(listIn(system, {}).flows).toMatchObject([{ state: 'ended', unsettled: 0, deliveries: 3, tookMs: 2 }])
  })

  it('L51 are open again while a redrive of something of them is not settled', async () => {
    const { system, clock, order, follow, push } = await openShop()
    order(1, 1, ['consumer-db'])
    const who = { group: 'consumer-email', instance: 'consumer-email-1' }
    push([{ kind: 'delivery.settled', at: clock.now + 9, ...who, settlement: 'dead_lettered', ids: [firstId(1)] }])
    follow('declined', 1, 1)
    expect(system.flows.figures()).toMatchObject([{ open: 0, ended: 1, endedBy: { declined: 1 } }])
    const redriven = { kind: 'delivery.redriven' as const, at: clock.now + 20, group: 'consumer-email' }
    push([
      { ...redriven, phase: 'sending', ids: [firstId(1)] },
      { ...redriven, phase: 'stored', ids: [firstId(1)] },
    ])
    expect(system.flows.figures()).toMatchObject([{ open: 1, ended: 0, endedBy: { declined: 0 } }])
    order(1, 1, ['consumer-email'])
    expect(system.flows.figures()).toMatchObject([{ open: 0, ended: 1, endedBy: { declined: 1 } }])
  })

  it('L52 that are past their time without an end, and of which nothing moves, have stalled; a late end takes that back', async () => {
    const { system, clock, order, follow, look } = await openShop()
    order(1, 2)
    order(3, 1, ['consumer-db'])
    follow('packed', 1, 1)
    clock.now += 199
    look()
    expect(system.flows.figures()).toMatchObject([{ started: 3, open: 3, overdue: 0 }])
    clock.now += 1
    look()
    expect(system.flows.figures()).toMatchObject([{ started: 3, open: 0, overdue: 3 }])
    expect(anomalyIn(system, 'stalled_flow')).toMatchObject({ count: 2, failing: 2, samples: [firstId(1), firstId(2)] })
    expect(flowEvidence(sourcesOf(system), system.context.anomalies)).toEqual({
      ...{ open: 0, undecided: 1, breaches: [] },
      examples: {
        stalled_flow: ['checkout 1, last event packed of payment', 'checkout 2, last event order_placed of producer'],
        conflicting_outcomes: [],
      },
    })
    follow('paid', 1, 1)
    expect(system.flows.figures()).toMatchObject([{ open: 0, ended: 1, overdue: 2 }])
    expect(anomalyIn(system, 'stalled_flow')).toMatchObject({ count: 1, samples: [firstId(2)] })
  })

  it('L52 have not stalled while telemetry that may still come could say otherwise', async () => {
    const { system, clock, order } = await openShop()
    order(1)
    clock.now += 500
    expect(system.flows.look(undefined)).toEqual([])
    expect(system.flows.look(clock.now - 1)).toEqual([])
    expect(system.flows.look(clock.now)).toMatchObject([{ id: firstId(1) }])
  })

  it('L53 with two different ends are conflicting, and with the same end twice are not', async () => {
    const { system, order, follow } = await openShop()
    order(1, 2)
    follow('paid', 1, 1)
    follow('paid', 2, 2)
    follow('paid', 3, 2)
    follow('declined', 1, 1)
    follow('declined', 2, 1)
    expect(system.flows.figures()).toMatchObject([{ ended: 2, conflicting: 1, endedBy: { paid: 2, declined: 0 } }])
    expect(anomalyIn(system, 'conflicting_outcomes')).toMatchObject({ count: 1, failing: 1, samples: [firstId(1)] })
    expect(listIn(system, { order: 'unusual' }).flows.map(({ id, state }) => [id, state])).toEqual([
      [firstId(1), 'conflicting'],
      [firstId(2), 'ended'],
    ])
  })

  it('L54 are all counted, and kept while they are open; of ended ones the newest are', async () => {
    const { system, order, follow } = await openShop({ keptFlows: 10, kept: 20 })
    order(1, 5)
    for (let seq = 6; seq <= 1_000; seq += 1) {
      order(seq)
      follow('paid', seq, seq)
    }
    expect(system.flows.figures()).toMatchObject([{ started: 1_000, open: 5, ended: 995 }])
    const list = listIn(system, {})
    expect(list.flows.map(({ id }) => id)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => firstId(1_000 - index)),
      ...[5, 4, 3, 2, 1].map(firstId),
    ])
    // What is known of one outlives the journeys of its events.
    expect(list.flows.at(-1)).toMatchObject({ key: '4f7a2c1e-93d0-4b6e-8a51-000000000001', state: 'open' })
    expect(system.flows.store.bytes).toBeLessThan(400_000)
  })

  it('L54 cost some tens of bytes each while they are open', async () => {
    const { system, order } = await openShop()
    const before = system.flows.store.bytes
    for (let from = 1; from <= 20_000; from += 1_000) order(from, 1_000, [])
    expect((system.flows.store.bytes - before) / 20_000).toBeLessThan(60)
    expect(system.flows.figures()).toMatchObject([{ started: 20_000, open: 20_000 }])
  })

  it('L3 are the same after a kill, and those that began before a change keep what was declared then', async () => {
    const before = await openShop()
    before.order(1, 3)
    before.follow('paid', 1, 1)
    before.clock.now += 300
    before.look()
    const figures = before.system.flows.figures()
    expect(figures).toMatchObject([{ started: 3, ended: 1, overdue: 2 }])
    const left = await leftByKill(before.directory)
    const after = await openShop({ directory: left })
    after.clock.now = before.clock.now
    after.look()
    expect(after.system.flows.figures()).toEqual(figures)
    expect(anomalyIn(after.system, 'stalled_flow')).toMatchObject({ count: 2 })
    after.system.flows.declare([{ ...checkoutFlow, withinMs: 10_000 }])
    after.follow('declined', 1, 2)
    expect(after.system.flows.figures()).toMatchObject([{ started: 3, ended: 2, overdue: 1 }])
    expect(anomalyIn(after.system, 'stalled_flow')).toMatchObject({ count: 1, samples: [firstId(3)] })
  })

  it('L50 are followed by nobody where none is declared, and nothing is written for it', async () => {
    const system = await openIntake(await temporary())
    system.intake.takeFrames([frameOf('p', 1, wholeLife(1, 10, groups, 1_000_000))])
    expect(system.flows.figures()).toEqual([])
    expect(system.flows.state()).toBeUndefined()
    expect(system.flows.store.bytes).toBe(0)
  })
})

describe('the list of flows', () => {
  it('finds by state, key and text, page by page, unusual ones first where that is asked for', async () => {
    const { system, clock, order, follow, look } = await openShop({ keptFlows: 1_000 })
    order(1, 10)
    for (const seq of [1, 2, 3, 4, 5, 6, 7]) follow('paid', seq, seq)
    clock.now += 500
    look()
    order(11, 2)
    const seqs = (query: Partial<FlowQuery>): number[] =>
      listIn(system, query).flows.map(({ id }) => Number(id.split(':')[3]))
    expect(seqs({ state: 'overdue' })).toEqual([10, 9, 8])
    expect(seqs({ state: 'open' })).toEqual([12, 11])
    expect(seqs({ key: '4f7a2c1e-93d0-4b6e-8a51-000000000007' })).toEqual([7])
    expect(seqs({ q: 'PAID' })).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(seqs({ q: firstId(12) })).toEqual([12])
    expect(seqs({ flow: 'none' })).toEqual([])
    for (const wanted of [
      ['newest', [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
      ['unusual', [10, 9, 8, 12, 11, 7, 6, 5, 4, 3, 2, 1]],
    ] as const) {
      const pages: number[] = []
      let cursor: string | undefined
      do {
        const page = listIn(system, { order: wanted[0], limit: 5, ...(cursor === undefined ? {} : { cursor }) })
        pages.push(...page.flows.map(({ id }) => Number(id.split(':')[3])))
        cursor = page.cursor
      } while (cursor !== undefined)
      expect(pages).toEqual(wanted[1])
    }
    expect(() => listIn(system, { cursor: 'n1', order: 'unusual' })).toThrow('not a cursor')
  })

  it('shows a flow with the journeys of its events, in the order of publishing', async () => {
    const { system, clock, order, follow } = await openShop()
    const sources = {
      ...sourcesOf(system),
      view: (journey: Parameters<typeof journeyView>[0]) => journeyView(journey, createBodyReader(system.entries)),
    }
    order(1)
    clock.now += 10
    follow('packed', 1, 1)
    clock.now += 10
    follow('paid', 1, 1)
    const view = viewOfFlow(sources, firstId(1))
    expect(view).toMatchObject({ flow: 'checkout', number: 1, withinMs: 200, events: 3, dropped: 0, tookMs: 22 })
    expect(view?.journeys.map(({ id, correlationId }) => [id, correlationId])).toEqual([
      [firstId(1), firstId(1)],
      ['payment-1:1:packed:1', firstId(1)],
      ['payment-1:1:paid:1', firstId(1)],
    ])
    expect(viewOfFlow(sources, firstId(2))).toBeUndefined()
  })
})
