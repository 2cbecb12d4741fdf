import { describe, expect, test } from 'vitest'
import type { FlowView } from '#contracts/api/flow.ts'
import type { Attempt, ProgramSpan } from '#contracts/api/journey.ts'
import { effectsOf } from './effects-tab.tsx'
import { at, attemptFrom, checkoutFlow, flowEvent, ids, owed, startedAt } from './flow.fixture.ts'
import { flowWaterfall } from './flow-rows.ts'
import { flowTree } from './flow-tree.ts'

const now = startedAt + 2_400

describe('the tree from cause to effect', () => {
  test('an event hangs on the attempt that sent it', () => {
    const [root, ...others] = flowTree(checkoutFlow)
    expect(others).toEqual([])
    const payment = root?.services.find(({ obligation }) => obligation.group === 'payment')
    expect([...(payment?.sent.keys() ?? [])]).toEqual([1])
    expect(payment?.sent.get(1)?.map(({ journey }) => journey.type)).toEqual(['payment_captured'])
  })

  test('of two attempts under the same numbers it hangs on the one that was running', () => {
    const placed = flowEvent(ids.placed, 0, [owed('payment', [attemptFrom(10, 20), attemptFrom(500, 20)])])
    const sent = [15, 510].map((ms, index) => flowEvent(`payment-1:${index}:paid:1`, ms, [], {}))
    const [service] = flowTree({ journeys: [placed, ...sent] })[0]?.services ?? []
    expect(
      [...(service?.sent ?? [])].map(([attempt, nodes]) => [attempt, nodes.map(({ journey }) => journey.id)]),
    ).toEqual([
      [0, ['payment-1:0:paid:1']],
      [1, ['payment-1:1:paid:1']],
    ])
  })

  test('what was kept from being sent twice is at the event that was sent', () => {
    const payment = flowTree(checkoutFlow)[0]?.services.find(({ obligation }) => obligation.group === 'payment')
    expect(payment?.sent.get(1)?.[0]?.again).toMatchObject([{ givenId: 'payment:4812:captured', group: 'payment' }])
  })

  test('events whose cause is no longer kept, or not of this service, begin a tree of their own', () => {
    const orphan = flowEvent(ids.shipped, 5, [], { id: 'payment-1:1:payment_captured:1', group: 'warehouse' })
    const stranger = flowEvent('x-1:1:x:1', 6, [], { group: 'nobody' })
    const [first] = checkoutFlow.journeys
    const roots = flowTree({ journeys: first ? [first, orphan, stranger] : [] })
    expect(roots.map(({ journey }) => journey.id)).toEqual([ids.placed, ids.shipped, 'x-1:1:x:1'])
  })

  test('causes in a circle are shown once each, and end', () => {
    const one = flowEvent('a-1:1:a:1', 0, [owed('a', [])], { id: 'b-1:1:b:1', group: 'b' })
    const two = flowEvent('b-1:1:b:1', 1, [owed('b', [])], { id: 'a-1:1:a:1', group: 'a' })
    const flow: FlowView = { ...checkoutFlow, journeys: [one, two] }
    expect(flowWaterfall(flow, now).rows.filter(({ kind }) => kind === 'event')).toHaveLength(2)
  })
})

describe('the waterfall of a flow', () => {
  const { rows, ticks } = flowWaterfall(checkoutFlow, now)
  const row = (label: string) => rows.find((one) => one.label === label)

  test('reads from cause to effect, an indent for each cause', () => {
    expect(rows.map(({ label, depth }) => `${depth} ${label}`)).toEqual([
      ...['0 order_placed', '1 consumer-db', '1 payment', '2 wait', '2 attempt 1', '2 backoff', '2 attempt 2'],
      ...['3 payment_captured', '4 sent again', '4 warehouse', '5 shipment_sent', '6 consumer-email', '6 consumer-db'],
    ])
  })

  test('one axis for all of it: no bar begins before its cause or ends behind the axis', () => {
    expect(ticks.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4 s'])
    const end = (label: string): number => Math.max(...(row(label)?.bars ?? []).map(({ left, width }) => left + width))
    expect(row('payment_captured')?.bars[0]?.left).toBeGreaterThan(row('attempt 2')?.bars[0]?.left ?? 0)
    expect(row('warehouse')?.bars[0]?.left).toBeGreaterThanOrEqual(end('payment_captured'))
    expect(rows.flatMap(({ bars }) => bars).every(({ left, width }) => left >= 0 && left + width <= 100)).toBe(true)
  })

  test('a service that ran once is one row with its wait and its time; one that tried again has a row each', () => {
    expect(row('consumer-db')).toMatchObject({ took: '55 + 22', note: 'row written', tone: 'delivered' })
    expect(row('payment')).toMatchObject({ note: 'delivered after 2 attempts', tone: 'retried', took: '1,496 ms' })
    expect(row('attempt 1')).toMatchObject({ note: 'ReadTimeout', tone: 'retrying', took: '804 ms' })
  })

  test('spans of a program are below their attempt, each below the one that it is part of, before what was sent', () => {
    const program = (name: string, depth: number): ProgramSpan => ({
      ...{ spanId: '00000000000000aa', name, kind: 'internal', service: 'payment', startedAt: at(60), tookMs: 10 },
      ...{ state: 'unset', depth, placedBy: 'parent', attributes: {} },
    })
    const spans = [program('a', 0), program('b', 1), program('c', 2), program('d', 1), program('e', 0)]
    const [first] = checkoutFlow.journeys
    const twice = [
      attemptFrom(42, 804, { outcome: 'error', error: { type: 'Late', message: '' }, spans: [program('failed', 0)] }),
      attemptFrom(1_058, 444, { attempt: 2, receiveCount: 2, spans }),
    ]
    const of = (attempts: Attempt[]) => {
      const placed = first && { ...first, obligations: [owed('payment', attempts)] }
      const journeys = [...(placed ? [placed] : []), ...checkoutFlow.journeys.slice(1, 2)]
      return flowWaterfall({ ...checkoutFlow, journeys }, now).rows.map(({ label, depth }) => `${depth} ${label}`)
    }
    expect(of(twice)).toEqual([
      ...['0 order_placed', '1 payment', '2 wait', '2 attempt 1', '3 failed', '2 backoff', '2 attempt 2'],
      ...['3 a', '4 b', '5 c', '4 d', '3 e', '3 payment_captured', '4 warehouse'],
    ])
    expect(of([attemptFrom(42, 804, { attempt: 2, receiveCount: 2, spans })])).toEqual([
      ...['0 order_placed', '1 payment', '2 a', '3 b', '4 c', '3 d', '2 e', '2 payment_captured', '3 warehouse'],
    ])
  })

  test('lines go on through the rows below a service that is not the last', () => {
    expect(row('consumer-db')).toMatchObject({ tee: true })
    expect(row('payment')).toMatchObject({ tee: false })
    expect(row('sent again')).toMatchObject({ tee: true, kind: 'again', took: '+50 ms' })
  })

  test('an open flow reaches to now, and what waits has no bar that is over', () => {
    const [first] = checkoutFlow.journeys
    const { tookMs: _, ...open } = checkoutFlow
    const waiting = first && { ...first, obligations: [owed('payment', [])] }
    const flow: FlowView = { ...open, state: 'open', endedBy: [], journeys: waiting ? [waiting] : [] }
    const wait = flowWaterfall(flow, startedAt + 10_000).rows.find(({ label }) => label === 'wait')
    expect(wait?.took).toBe('…')
    expect(wait?.bars[0]?.width).toBeGreaterThan(90)
  })

  test('a thousand events in one chain are drawn, in one pass', () => {
    const journeys = Array.from({ length: 1_000 }, (_, index) =>
      flowEvent(
        `s${index}-1:1:t${index}:1`,
        index,
        [owed(`s${index + 1}`, [attemptFrom(index, 1)])],
        index === 0 ? undefined : { id: `s${index - 1}-1:1:t${index - 1}:1`, group: `s${index}` },
      ),
    )
    expect(flowWaterfall({ ...checkoutFlow, journeys }, now).rows).toHaveLength(2_000)
  })
})

test('effects in the order of time: made by workers, or only reported by programs', () => {
  expect(effectsOf(checkoutFlow).map(({ what, service }) => `${service}: ${what}`)).toEqual([
    'consumer-db: row written: orders/1',
    'consumer-db: row written: shipments/1',
    'consumer-email: mail sent: <1@lab>',
  ])
  const reported = flowEvent(ids.captured, 0, [owed('payment', [attemptFrom(1, 2, { reported: 'charge ch_1' })])])
  expect(effectsOf({ journeys: [reported] })).toMatchObject([{ what: 'charge ch_1', at: Date.parse(at(3)) }])
  expect(effectsOf({ journeys: [reported] })[0]).not.toHaveProperty('outbox')
})
