import { expect, test } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { MessageTimes } from './message-times.ts'

const prefix = 'fa01711112345678'

const attempted = (seqs: readonly number[], traceparents: readonly string[], at = 1): TelemetryRecord => ({
  ...{ kind: 'publish.attempted', at, producer: 'producer-1', epoch: 1, topic: 't' },
  messages: seqs.map((seq, index) => ({
    ...{
      seq,
      type: 't',
      version: 1,
      time: '',
      body: '{}',
      traceparent: (traceparents[index] ?? '').replace(/-[\da-f]{16}-/, '-00000000000000aa-'),
    },
  })),
})
const ended = (seq: number, endedAt: number, outcome: 'ok' | 'error' = 'ok'): TelemetryRecord => ({
  ...{ kind: 'delivery.ended', at: endedAt, group: 'g', instance: 'g-1' },
  deliveries: [{ id: `producer-1:1:t:${seq}`, attempt: 1, receiveCount: 1, startedAt: endedAt, endedAt, outcome }],
})

/** A consumer that handles a message in `workMs`, one at a time, and is paused from `stallAt` for `stallMs`. */
function stalled(arrivals: readonly number[], workMs: number, stallAt: number, stallMs: number): number[] {
  let freeAt = 0
  return arrivals.map((at) => {
    let begin = Math.max(at, freeAt)
    if (begin >= stallAt && begin < stallAt + stallMs) begin = stallAt + stallMs
    freeAt = begin + workMs
    return freeAt
  })
}

const exact = (values: readonly number[], percentile: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil((values.length * percentile) / 100) - 1] ?? Number.NaN

test('with a stalled consumer the percentiles are those of the raw timestamps, within 5 %', () => {
  const times = new MessageTimes(prefix)
  const due = Array.from({ length: 5_000 }, (_, index) => 1_000_000 + index * 10)
  const traceparents = due.map((at) => times.due(at))
  // The producer is held up with the consumer: it sends up to two seconds late, which the latency must not lose.
  const sent = due.map((at) => (at % 20_000 < 2_000 ? Math.ceil(at / 20_000) * 20_000 + 2_000 : at))
  const done = stalled(sent, 5, 1_010_000, 7_000)
  times.take([
    attempted(
      due.map((_, index) => index + 1),
      traceparents,
    ),
  ])
  for (const [index, at] of done.entries()) times.take([ended(index + 1, at)])
  const raw = done.map((at, index) => at - (due[index] ?? 0))
  for (const percentile of [50, 95, 99]) {
    const reported = times.delivery('g', percentile) ?? Number.NaN
    expect(Math.abs(reported - exact(raw, percentile)) / exact(raw, percentile)).toBeLessThan(0.05)
  }
  expect(exact(raw, 99)).toBeGreaterThan(6_000)
})

test('a delivery that is reported before its publish counts, a second one and a failed one do not', () => {
  const times = new MessageTimes(prefix)
  const [first = '', second = ''] = [times.due(1_000), times.due(2_000)]
  times.take([ended(8, 1_500), ended(9, 2_700, 'error')])
  expect(times.delivery('g', 50)).toBeNull()
  times.take([attempted([8, 9], [first, second])])
  expect(times.delivery('g', 50)).toBeCloseTo(500, -1)
  times.take([ended(8, 99_000)])
  expect(times.delivery('g', 99)).toBeCloseTo(500, -1)
  times.take([ended(9, 4_000)])
  expect(times.delivery('g', 99)).toBeCloseTo(2_000, -2)
})

test('messages of others are not counted, and acknowledgements count from the time at which they were due', () => {
  const times = new MessageTimes(prefix)
  const mine = times.due(1_000)
  times.take([attempted([1, 2], [mine, `00-${'b'.repeat(32)}-${'1'.repeat(16)}-01`], 1_400)])
  times.take([ended(2, 9_000)])
  expect(times.delivery('g', 50)).toBeNull()
  const outcomes = [1, 2].map((seq) => ({ seq, state: 'acked' as const }))
  times.take([{ kind: 'publish.settled', at: 1_450, producer: 'producer-1', epoch: 1, topic: 't', outcomes }])
  expect(times.publish(99)).toBeCloseTo(450, -1)
})

test('messages of others are counted, and what a message of the run led to is none of them', () => {
  const times = new MessageTimes(prefix)
  const own = times.due(1)
  times.take([attempted([1, 2, 3], [own, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', ''])])
  times.take([{ ...attempted([1], [own]), topic: 'led-to' } as TelemetryRecord])
  expect(times.others).toBe(2)
  times.forgetOthers()
  expect(times.others).toBe(0)
})
