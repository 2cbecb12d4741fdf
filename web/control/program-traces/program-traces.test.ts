import { describe, expect, test } from 'vitest'
import type { Attempt, Journey } from '#contracts/api/journey.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { ReportedLog, ReportedSpan } from '../otlp/reported.ts'
import { shownMax } from './journey-with-traces.ts'
import { createProgramTraces } from './program-traces.ts'
import { usualTraceLimits } from './trace-shelf.ts'

const trace = '5b8efff798038103d269b633813fc60c'
const id = 'shop-1:1:order_placed:7'
const start = Date.parse('2026-01-01T12:00:00.000Z')
const at = (ms: number): string => new Date(start + ms).toISOString()
const runSpan = (attempt = 1, of = id): string =>
  processSpanId({ id: of, group: 'payment', attempt, receiveCount: attempt })

const span = (spanId: string, over: Partial<ReportedSpan> = {}): ReportedSpan => ({
  ...{ traceId: trace, spanId: spanId.padStart(16, '0'), parentSpanId: runSpan(), name: spanId, kind: 'internal' },
  ...{ startedAt: start + 20, tookMs: 5, state: 'unset', message: '', attributes: [] },
  ...{ service: 'payment', instance: 'payment-1' },
  ...over,
})
const line = (over: Partial<ReportedLog> = {}): ReportedLog => ({
  ...{ traceId: trace, spanId: runSpan(), at: start + 21, level: 'warn', message: 'slow', attributes: [] },
  ...{ service: 'payment', instance: 'payment-1' },
  ...over,
})
const attempt = (
  number: number,
  from: number,
  handlingMs: number | undefined,
  over: Partial<Attempt> = {},
): Attempt => ({
  ...{ attempt: number, receiveCount: number, instance: 'payment-1', startedAt: at(from), queueMs: 0 },
  ...(handlingMs === undefined ? {} : { handlingMs, outcome: 'ok' }),
  ...over,
})
const journey = (attempts: Attempt[], over: Partial<Journey> = {}): Journey => ({
  ...{ id, type: 'order_placed', topic: 'order_placed', broker: 'local', payload: {}, raw: '{}', logs: [] },
  headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
  publish: { state: 'acked', attemptedAt: at(0), ackedAt: at(2) },
  obligations: [{ group: 'payment', state: 'delivered', receiveCount: attempts.length, attempts }],
  ...over,
})

function open(limits = usualTraceLimits) {
  const world = { now: start, changed: [] as string[], known: new Map([[id, trace]]) }
  const traces = createProgramTraces({
    isProgram: (service) => service === 'payment',
    traceparentOf: (message) => {
      const traceId = world.known.get(message)
      return traceId && `00-${traceId}-00f067aa0ba902b7-01`
    },
    onChanged: (message) => world.changed.push(message),
    now: () => world.now,
    limits,
  })
  const started = (message = id, number = 1, group = 'payment') =>
    traces.takeTelemetry([
      {
        ...{ kind: 'delivery.started', at: world.now, group, instance: `${group}-1` },
        deliveries: [{ id: message, attempt: number, receiveCount: number, receivedAt: world.now }],
      },
    ])
  const shown = (of: Journey) =>
    traces
      .addTo(of)
      .obligations.map(({ attempts }) =>
        attempts.map(({ spans = [] }) =>
          spans.map(({ name, depth, placedBy }) => `${'.'.repeat(depth)}${name} ${placedBy}`),
        ),
      )
  return { traces, world, started, shown }
}

describe('which attempt a span belongs to', () => {
  test('the one that it names, and that of its parent, in the order of time', () => {
    const { traces, started, shown } = open()
    started()
    traces.takeSpans([
      span('c', { parentSpanId: span('a').spanId, startedAt: start + 30 }),
      span('b', { parentSpanId: span('a').spanId, startedAt: start + 25 }),
      span('d', { parentSpanId: span('b').spanId, startedAt: start + 26 }),
      span('a'),
    ])
    expect(shown(journey([attempt(1, 10, 50)]))).toEqual([[['a parent', '.b parent', '..d parent', '.c parent']]])
  })

  test('of two attempts each has its own', () => {
    const { traces, started, shown } = open()
    started()
    started(id, 2)
    traces.takeSpans([span('first'), span('second', { parentSpanId: runSpan(2), startedAt: start + 120 })])
    expect(shown(journey([attempt(1, 10, 50), attempt(2, 110, 40)]))).toEqual([[['first parent'], ['second parent']]])
  })

  test('one whose clock is off stays in the attempt that it names', () => {
    const { traces, started, shown } = open()
    started()
    traces.takeSpans([span('late', { startedAt: start + 3_600_000 }), span('early', { startedAt: start - 3_600_000 })])
    expect(shown(journey([attempt(1, 10, 50)]))).toEqual([[['early parent', 'late parent']]])
  })

  test('one whose parent never came goes by its replica and its time; a stranger of that time does not', () => {
    const { traces, started, shown } = open()
    started()
    started(id, 2)
    const lost = { parentSpanId: 'feedfacefeedface' }
    traces.takeSpans([
      span('first', lost),
      span('second', { ...lost, startedAt: start + 5_020 }),
      span('other replica', { ...lost, spanId: '00000000000000aa', instance: 'payment-2' }),
      span('stranger', { ...lost, spanId: '00000000000000ab', service: 'bank', instance: undefined }),
      span('too late', { ...lost, spanId: '00000000000000ac', startedAt: start + 60_000 }),
    ])
    const of = journey([attempt(1, 10, 50), attempt(2, 5_010, 40)])
    expect(shown(of)).toEqual([[['first time'], ['second time']]])
    expect(traces.addTo(of).spansLeftOut).toBe(3)
  })

  test('a run under way takes what came so far', () => {
    const { traces, started, shown } = open()
    started()
    traces.takeSpans([span('now', { startedAt: start + 9_000, parentSpanId: undefined })])
    expect(shown(journey([attempt(1, 10, undefined)]))).toEqual([[['now time']]])
  })

  test('two messages of one trace have each their own, also where a parent is missing', () => {
    const { traces, world, started, shown } = open()
    const other = 'payment-1:1:payment_captured:3'
    world.known.set(other, trace)
    started()
    started(other)
    traces.takeSpans([span('mine'), span('theirs', { parentSpanId: runSpan(1, other) })])
    const mine = journey([attempt(1, 10, 50)])
    expect(shown(mine)).toEqual([[['mine parent']]])
    expect(shown({ ...mine, id: other })).toEqual([[['theirs parent']]])
    expect(traces.addTo(mine)).not.toHaveProperty('spansLeftOut')
    expect(world.changed.sort()).toEqual([other, id])
  })

  test('a redriven copy has a trace of its own and may repeat the numbers of its attempts', () => {
    const { traces, started, shown } = open()
    started()
    started()
    const again = 'f'.repeat(32)
    traces.takeSpans([span('before'), span('after', { traceId: again, startedAt: start + 90_020 })])
    const failed = { outcome: 'error', error: { type: 'Late', message: '' } } as const
    const of = journey([attempt(1, 10, 50, failed), attempt(1, 90_010, 40)])
    expect(shown(of)).toEqual([[['before parent'], ['after parent']]])
  })

  test('spans in a circle belong to none', () => {
    const { traces, started, shown } = open()
    started()
    traces.takeSpans([
      span('a', { parentSpanId: span('b').spanId }),
      span('b', { parentSpanId: span('a').spanId }),
      span('c', { parentSpanId: span('c').spanId }),
      span('d'),
    ])
    const of = journey([attempt(1, 10, 50)])
    expect(shown(of)).toEqual([[['d parent']]])
    expect(traces.addTo(of).spansLeftOut).toBe(3)
  })

  test('one that was sent again is shown once', () => {
    const { traces, started, shown } = open()
    started()
    traces.takeSpans([span('a'), span('b', { parentSpanId: span('a').spanId })])
    traces.takeSpans([span('a'), span('b', { parentSpanId: span('a').spanId })])
    expect(shown(journey([attempt(1, 10, 50)]))).toEqual([[['a parent', '.b parent']]])
  })
})

describe('what is kept', () => {
  test('spans that come before telemetry reports their run are found when it does', () => {
    const { traces, world, started, shown } = open()
    traces.takeSpans([span('early')])
    expect(world.changed).toEqual([])
    world.now += 59_000
    started()
    world.now += 3_600_000
    expect(traces.figures()).toMatchObject({ spans: 1, dropped: { no_message: 0 } })
    expect(shown(journey([attempt(1, 10, 50)]))).toEqual([[['early parent']]])
  })

  test('spans of no message are counted and dropped', () => {
    const { traces, world, started } = open()
    started('producer-1:1:user_signup:1', 1, 'consumer-db')
    traces.takeSpans([span('a', { traceId: 'a'.repeat(32), parentSpanId: undefined })])
    expect(traces.figures()).toMatchObject({ spans: 1 })
    world.now += 60_001
    expect(traces.figures()).toMatchObject({ spans: 0, bytes: 0, dropped: { no_message: 1 } })
  })

  test('of no message no more wait than there is room for; the oldest go first', () => {
    const { traces } = open({ ...usualTraceLimits, strange: 10 })
    for (let n = 1; n <= 25; n += 1)
      traces.takeSpans([span('a', { traceId: n.toString(16).padStart(32, '0'), parentSpanId: undefined })])
    expect(traces.figures()).toMatchObject({ spans: 10, dropped: { no_message: 15 } })
  })

  test('10,000 spans of one message: so many are kept as of any trace, 200 are shown, the others counted', () => {
    const { traces, started } = open()
    started()
    traces.takeSpans(Array.from({ length: 10_000 }, (_, n) => span((n + 1).toString(16), { startedAt: start + n })))
    expect(traces.figures()).toMatchObject({ spans: usualTraceLimits.ofTrace, dropped: { trace_full: 8_000 } })
    const of = traces.addTo(journey([attempt(1, 10, 50)]))
    expect(of.obligations[0]?.attempts[0]?.spans).toHaveLength(shownMax)
    expect(of.spansLeftOut).toBe(9_800)
  })

  test('traces that nothing came for the longest make room, by number and by bytes', () => {
    for (const limits of [
      { ...usualTraceLimits, items: 20 },
      { ...usualTraceLimits, bytes: 20 * 300 },
    ]) {
      const { traces, world, started } = open(limits)
      const ids = Array.from({ length: 30 }, (_, n) => `shop-1:1:order_placed:${n + 1}`)
      for (const [n, message] of ids.entries()) {
        const traceId = (n + 1).toString(16).padStart(32, '0')
        world.known.set(message, traceId)
        started(message)
        traces.takeSpans([span('a', { traceId, parentSpanId: runSpan(1, message) })])
      }
      expect(traces.figures()).toMatchObject({ spans: 20, dropped: { evicted: 10 } })
      const of = (n: number) => traces.addTo(journey([attempt(1, 10, 50)], { id: ids[n] ?? '' }))
      expect([of(0), of(29)].map((one) => one.obligations[0]?.attempts[0]?.spans?.length)).toEqual([undefined, 1])
    }
  })

  test('a trace of nothing but parents leaves nothing behind', () => {
    const { traces, world } = open()
    traces.takeSpans(Array.from({ length: 2_000 }, (_, n) => span((n + 1).toString(16), { parentSpanId: runSpan(n) })))
    world.now += 60_001
    expect(traces.figures()).toEqual({
      ...{ spans: 0, logs: 0, bytes: 0 },
      dropped: { no_message: 2_000, trace_full: 0, evicted: 0 },
    })
  })
})

describe('what is shown', () => {
  test('lines are among those of workers, in the order of time, and name the message', () => {
    const { traces, started } = open()
    started()
    traces.takeSpans([span('a')])
    traces.takeLogs([
      line({ message: 'of the run' }),
      line({ message: 'of a span', spanId: span('a').spanId, at: start + 1, attributes: [['amount', '3']] }),
      line({ message: 'of another', spanId: undefined, service: 'bank', instance: undefined }),
    ])
    const own = { kind: 'log', at: start + 10, service: 'payment', instance: 'payment-1', level: 'info' } as const
    const { logs } = traces.addTo(journey([attempt(1, 10, 50)], { logs: [{ ...own, message: 'told by the worker' }] }))
    expect(logs.map(({ message }) => message)).toEqual(['of a span', 'told by the worker', 'of the run'])
    expect(logs[0]).toMatchObject({ messageId: id, traceId: trace, level: 'warn', fields: { amount: '3' } })
  })

  test('what looks like a secret is hidden', () => {
    const { traces, started } = open()
    started()
    const attributes = [
      ['http.request.header.authorization', 'Basic Zm9vOmJhcg=='],
      ['url.full', 'https://ada:pw123456@bank.example/v1?api_key=abc&x=1'],
      ['db.statement', 'SELECT 1'],
      ['http.url', `http://127.0.0.1:4711/${'aB-_'.repeat(8)}`],
      ['http.target', `/${'aB-_'.repeat(8)}`],
      ['url.path', '/v1/charges'],
    ] as const
    traces.takeSpans([span('a', { attributes, message: 'Bearer abcdefghijkl', name: 'GET postgres://u:pw1@h/x' })])
    const [shown] = traces.addTo(journey([attempt(1, 10, 50)])).obligations[0]?.attempts[0]?.spans ?? []
    expect(shown?.attributes).toEqual({
      'http.request.header.authorization': '[secret]',
      'url.full': 'https://ada:[secret]@bank.example/v1?api_key=[secret]&x=1',
      'db.statement': 'SELECT 1',
      ...{ 'http.url': 'http://127.0.0.1:4711/[secret]', 'http.target': '/[secret]', 'url.path': '/v1/charges' },
    })
    expect(`${shown?.message} ${shown?.name}`).toBe('Bearer [secret] GET postgres://u:[secret]@h/x')
  })

  test('a journey without any is the same object', () => {
    const { traces, started } = open()
    started()
    const one = journey([attempt(1, 10, 50)])
    expect(traces.addTo(one)).toBe(one)
  })
})
