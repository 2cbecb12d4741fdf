import { expect, test } from 'vitest'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import type { Act, ActOf } from '../act.ts'
import { type RecordedActs, scenarioText } from './scenario-text.ts'
import { templateOf } from './template-of.ts'

const recorded = (acts: Act[], more: Partial<RecordedActs> = {}) => {
  const { text, remarks } = scenarioText({
    ...{ name: 'recorded', broker: 'local', startedAt: '2026-01-01T12:00:00.000Z', lengthMs: 20_000, remarks: [] },
    ...{ acts, figures: { acked: 0, groups: {} }, ...more },
  })
  const { scenario, problems } = readScenario(text)
  expect(problems).toEqual([])
  if (!scenario) throw new Error(text)
  return { text, remarks, file: scenario.file }
}
const publish = (at: number, body: object, type = 'user_signup'): Act => ({
  ...{ kind: 'publish', at, type, body: JSON.stringify(body) },
})
const kill: ActOf<'fault'> = {
  ...{ kind: 'fault', at: 5_000 },
  fault: {
    ...{ id: 'f-1', type: 'process.kill', target: { service: 'consumer-db' }, percent: 100, seed: 7 },
    params: { restartAfterMs: 9_000 },
  },
}

test('single messages become phases at their times, with their contents, and pauses between them', () => {
  const { file, remarks } = recorded([
    publish(1_000, { name: 'Ada', n: 1 }),
    publish(1_500, { name: 'Ada', n: 4 }),
    publish(2_000, { name: 'Ada', n: 2 }),
    publish(9_000, { name: 'Bob', n: 9 }),
  ])
  expect(remarks).toEqual([])
  expect(file.phases.map(({ name, duration, type, data }) => ({ name, duration, type, data }))).toEqual([
    { name: 'pause-1', duration: 1_000, type: undefined, data: undefined },
    { name: 'send-2', duration: 1_500, type: 'user_signup', data: { name: 'Ada', n: '{{int 1 4}}' } },
    { name: 'pause-3', duration: 6_500, type: undefined, data: undefined },
    { name: 'send-4', duration: 100, type: 'user_signup', data: { name: 'Bob', n: 9 } },
    { name: 'pause-5', duration: 10_900, type: undefined, data: undefined },
    { name: 'drain', duration: undefined, type: undefined, data: undefined },
  ])
})

test('a burst becomes a phase with its rate, count and keys', () => {
  const { file } = recorded([
    { kind: 'burst', at: 2_000, type: 'order_placed', count: 301, ratePerSecond: 100, keys: 5 },
  ])
  const phase = file.phases[1]
  expect(phase).toMatchObject({ type: 'order_placed', duration: 3_010, keys: { distribution: 'uniform', count: 5 } })
  expect(Math.floor(((phase?.arrivalRate ?? 0) * 3_010) / 1_000)).toBe(301)
})

test('a burst that began right after single messages stays a burst, with what was asked of it', () => {
  for (const last of [1_000, 1_060]) {
    const { file, remarks } = recorded([
      publish(1_000, { a: 1 }),
      publish(last, { a: 1 }),
      { kind: 'burst', at: last + 3, type: 'order_placed', count: 12, ratePerSecond: 20 },
    ])
    expect(remarks).toEqual([])
    expect(file.phases.map(({ type, duration }) => [type, duration]).slice(1, 3)).toEqual([
      ['user_signup', last === 1_000 ? 100 : 120],
      ['order_placed', 600],
    ])
  }
})

test('what follows a burst that had to begin later still follows it', () => {
  const { file, remarks } = recorded([
    publish(1_000, { a: 1 }),
    { kind: 'burst', at: 1_010, type: 'order_placed', count: 100, ratePerSecond: 1_000 },
    { kind: 'publish', at: 1_150, type: 'payment_failed', body: '{}' },
    publish(9_000, { a: 3 }),
  ])
  expect(remarks).toEqual([])
  expect(file.phases.map(({ name, type, duration }) => [name.split('-')[0], type, duration])).toEqual([
    ['pause', undefined, 1_000],
    ['send', 'user_signup', 100],
    ['send', 'order_placed', 100],
    ['send', 'payment_failed', 100],
    ['pause', undefined, 7_700],
    ['send', 'user_signup', 100],
    ['pause', undefined, 10_900],
    ['drain', undefined, undefined],
  ])
})

test('a fault that was healed lasts until then, one that was not until the end, and this is said', () => {
  const cut: Act = {
    ...{ kind: 'fault', at: 12_000 },
    fault: {
      ...{ id: 'f-2', type: 'link.down', target: { link: 'consumer-db->database' }, percent: 100, seed: 8, params: {} },
    },
  }
  const { file, remarks } = recorded([publish(1_000, { a: 1 }), kill, { kind: 'heal', at: 8_000, id: 'f-1' }, cut])
  expect(file.faults).toMatchObject([
    { id: 'process-kill-1', phase: 'pause-3', startAt: 3_900, seed: 7, params: { restartAfter: '3000ms' } },
    { id: 'link-down-2', phase: 'pause-3', startAt: 10_900, duration: 8_000 },
  ])
  expect(remarks).toEqual(['link.down: it was not healed while it was recorded, so it ends with the recording'])
})

test('a scheduled fault that never began while it was recorded is left out, and this is said', () => {
  const { file, remarks } = recorded([
    kill,
    { ...kill, at: 9_000, fault: { ...kill.fault, id: 'f-2', type: 'process.pause' } },
    { kind: 'heal', at: 7_000, id: 'f-2' },
    { ...kill, at: 60_000, fault: { ...kill.fault, id: 'f-3', type: 'link.down' } },
  ])
  expect(file.faults.map(({ id }) => id)).toEqual(['process-kill-1'])
  expect(remarks).toEqual([
    'process.pause: it was healed before it began, so it is left out',
    'link.down: it was to begin after the recording ended, so it is left out',
  ])
})

test('changes become steps; what no step can say is reported, and is in the file', () => {
  const { file, remarks, text } = recorded([
    { kind: 'scale', at: 100, service: 'consumer-db', replicas: 3 },
    {
      ...{ kind: 'subscription', at: 200, consumer: 'consumer-db', added: ['order_placed'], removed: ['user_signup'] },
      change: { eventTypes: ['order_placed'], retryPolicy: { maximumAttempts: 4, initialIntervalMs: 250 } },
    },
    { kind: 'redrive', at: 300, input: { group: 'consumer-db', dryRun: false } },
    { kind: 'other', at: 400, what: 'the event type refund was removed; a step can only make one' },
  ])
  expect(file.steps).toMatchObject([
    { startAt: 100, replicas: { 'consumer-db': 3 } },
    { startAt: 200, consumer: 'consumer-db', retryPolicy: { maximumAttempts: 4, initialInterval: 250 } },
    { startAt: 200, subscribe: { 'consumer-db': ['order_placed'] } },
    { startAt: 300, redrive: { group: 'consumer-db' } },
  ])
  expect(remarks).toEqual([
    'at 0.2 s consumer-db stopped taking user_signup; a step can only add event types',
    'at 0.4 s the event type refund was removed; a step can only make one',
  ])
  for (const remark of remarks) expect(text).toContain(`# - ${remark}\n`)
})

test('a switch of the broker is a step in a pause that begins when the lab took no messages any more', () => {
  const { file, remarks } = recorded([
    { kind: 'broker', at: 1_000, broker: 'kafka' },
    ...[500, 1_500, 2_500].map((at) => publish(at, { a: 1 })),
    { kind: 'switched', at: 2_600, broker: 'kafka', outcome: 'done' },
    ...[3_400, 3_900].map((at) => publish(at, { a: 1 })),
  ])
  expect(remarks).toEqual([])
  expect(file.phases.map(({ name, duration, arrivalRate }) => [name, duration, arrivalRate !== undefined])).toEqual([
    ['pause-1', 500, false],
    ['send-2', 2_100, true],
    ['pause-3', 800, false],
    ['send-4', 1_000, true],
    ['pause-5', 15_600, false],
    ['drain', undefined, false],
  ])
  expect(file.steps).toMatchObject([{ phase: 'pause-3', startAt: 0, broker: 'kafka' }])
})

test('what a user said while a switch drained is a step too; a switch that was cancelled is left out, and this is said', () => {
  const { file, remarks } = recorded([
    { kind: 'broker', at: 1_000, broker: 'kafka' },
    { kind: 'switched', at: 1_100, broker: 'kafka', outcome: 'cancelled' },
    { kind: 'broker', at: 4_000, broker: 'redis' },
    { kind: 'switched', at: 4_100, broker: 'redis', outcome: 'done' },
    { kind: 'broker', at: 9_000, broker: 'redis', abandon: true, joins: true },
  ])
  expect(file.steps).toMatchObject([
    { startAt: 4_100, broker: 'redis' },
    { startAt: 9_000, broker: 'redis', abandon: true },
  ])
  expect(remarks).toEqual(['at 1.0 s a switch to kafka was begun and cancelled; it is left out'])
})

test('a burst that was ended early has as many messages as it had sent', () => {
  const { file, remarks } = recorded([
    { kind: 'burst', at: 1_000, id: 'b', type: 'order_placed', count: 1_000, ratePerSecond: 100 },
    { kind: 'broker', at: 3_000, broker: 'redis' },
    { kind: 'switched', at: 3_000, broker: 'redis', outcome: 'done' },
    { kind: 'burstEnd', at: 4_000, id: 'b', attempted: 203 },
  ])
  expect(remarks).toEqual([])
  const { arrivalRate = 0, duration = 0 } = file.phases[1] ?? {}
  expect([duration, Math.floor((arrivalRate * duration) / 1_000)]).toEqual([2_000, 203])
  expect(file.steps).toMatchObject([{ phase: 'pause-3', startAt: 0, broker: 'redis' }])
})

test('what the ledger counted has to be counted again, where it was known', () => {
  const { file, remarks } = recorded([], {
    figures: {
      acked: 12,
      groups: {
        'consumer-db': { delivered: 11, deadLettered: 1, unsettled: 0 },
        'consumer-email': { delivered: 3, deadLettered: 0, unsettled: 9 },
      },
    },
  })
  expect(file.assertions.map(({ id, value }) => [id, value])).toEqual([
    ['recorded-acked', 12],
    ['recorded-delivered-consumer-db', 11],
    ['recorded-dead-letters-consumer-db', 1],
  ])
  expect(remarks).toEqual([
    'consumer-email had 9 messages unsettled when it began or ended, so its figures are not compared',
  ])
})

test('hundreds of acts that alternate fit into a file, with as many messages as there were', () => {
  const acts = Array.from({ length: 600 }, (_, index): Act[] => [
    publish(index * 3_000, { n: index }),
    publish(index * 3_000 + 100, { n: index }, 'order_placed'),
    { ...kill, at: index * 3_000 },
    { kind: 'scale', at: index * 3_000, service: 'consumer-db', replicas: 2 },
  ]).flat()
  const { file, remarks } = recorded(acts, { lengthMs: 1_800_000 })
  const sent = file.phases.reduce(
    (sum, { arrivalRate = 0, duration = 0 }) => sum + Math.floor((arrivalRate * duration) / 1_000),
    0,
  )
  expect(sent).toBe(1_200)
  expect(file.phases.length).toBeLessThanOrEqual(100)
  expect(remarks).toContain('400 faults are left out; a scenario has 200 at most')
})

test('nothing done is a scenario too, and text that looks like a generator or a comment breaks none', () => {
  expect(recorded([], { lengthMs: 1 }).file.phases.map(({ name }) => name)).toEqual(['pause-1', 'drain'])
  const { file, remarks } = recorded([publish(0, { a: '{{uuid}} # \n- x: [', 'b: ': null })], {
    remarks: ['one\ntwo: [x'],
  })
  expect(file.phases[0]?.data).toEqual({ a: '{ {uuid}} # \n- x: [', 'b: ': null })
  expect(remarks).toHaveLength(2)
})

test('contents that differ become generators, where there is one that makes such values', () => {
  const lost: string[] = []
  const template = (...values: unknown[]) => templateOf(values, (pointer, what) => void lost.push(`${pointer} ${what}`))
  expect(
    template(
      { id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', mail: 'a@x.de', price: 1.5, tags: ['a', 1], same: null },
      { id: '8c9e6679-7425-40de-944b-e07fc1f90ae7', mail: 'b@x.de', price: 10.25, tags: ['b', 3], same: null },
    ),
  ).toEqual({
    id: '{{uuid}}',
    mail: '{{email}}',
    price: '{{decimal 1.5 10.25 2}}',
    tags: ['{{pick a b}}', '{{int 1 3}}'],
    same: null,
  })
  expect(lost).toEqual([])
  expect(template({ a: 'two words' }, { a: true, b: 1 })).toEqual({ a: 'two words' })
  expect(lost).toEqual(['/a it differed, and the first value is kept', '/b only some messages had it'])
})

test('a fault that was not seen to take effect is in the file, and it is said what becomes of a run in which that is so again', () => {
  const { file, remarks } = recorded([kill], { wasSeen: () => false })
  expect(file.faults).toMatchObject([{ type: 'process.kill' }])
  expect(remarks).toEqual([expect.stringMatching(/^process\.kill was not seen to take effect .* inconclusive$/)])
})

test('numbers keep every digit that they were sent with', () => {
  const body = '{"id":820000000000000508}'
  const { text } = recorded([
    { kind: 'publish', at: 1_000, type: 'user_signup', body },
    { kind: 'burst', at: 3_000, type: 'paid', count: 5, ratePerSecond: 10, data: parseExact(body) as { id: unknown } },
    {
      ...{ kind: 'eventType', at: 5_000 },
      input: {
        name: 'paid',
        schema: parseExact('{"maximum":820000000000000509}') as Record<string, unknown>,
        example: {},
        consumers: [],
      },
    },
  ])
  expect(text.match(/82000000000000050\d/g)).toEqual(['508', '508', '509'].map((end) => `820000000000000${end}`))
  const differing = [body, '{"id":820000000000000509}'].map(parseExact)
  const lost: string[] = []
  expect(writeJson(templateOf(differing, (pointer) => lost.push(pointer)))).toBe(body)
  expect(lost).toEqual(['/id'])
})
