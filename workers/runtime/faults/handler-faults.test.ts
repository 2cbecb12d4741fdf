import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from '../consume/consumer.ts'
import { held, openFaultsOf } from './faults.fixture.ts'
import { withHandlerFaults } from './handler-faults.ts'

const event = (seq: number, more: Partial<HandledEvent> = {}): HandledEvent => ({
  ...{ id: `producer-1:1:user_signup:${seq}`, type: 'user_signup', data: {}, attempt: 1, receiveCount: 1 },
  envelope: {
    ...{ id: `producer-1:1:user_signup:${seq}`, type: 'user_signup', topic: 'user_signup', version: 1, body: '{}' },
    ...{ time: '2026-01-01T00:00:00Z', traceparent: '' },
  },
  log: pino({ level: 'silent' }),
  signal: new AbortController().signal,
  say: () => undefined,
  acted: () => undefined,
  send: () => undefined,
  reported: () => undefined,
  ...more,
})
const effectOf = (id: string): Effect => ({ kind: 'row', ref: id })

/** A consumer of single events and one of batches; both note what they were given. */
function consumers() {
  const handled: string[] = []
  const batches: string[][] = []
  return {
    ...{ handled, batches },
    single: {
      group: 'g',
      handlers: {
        '*': async ({ id }: HandledEvent) => {
          handled.push(id)
          return effectOf(id)
        },
      },
    },
    batch: {
      group: 'g',
      async batch(events: HandledEvent[]) {
        batches.push(events.map(({ id }) => id))
        return events.map(({ id }) => effectOf(id))
      },
    },
  }
}

test('an error before the effect runs no handler, one after it runs it, both under the name that was asked for', async () => {
  for (const stage of ['before', 'after'] as const) {
    const { single, handled } = consumers()
    const { active, records } = openFaultsOf(held('handler.error', { params: { errorType: 'Boom', stage } }))
    const handler = withHandlerFaults(single, active).handlers?.['*']
    const acted: Effect[] = []
    await expect(handler?.(event(1, { acted: (effect) => acted.push(effect) }))).rejects.toMatchObject({ name: 'Boom' })
    expect(handled).toHaveLength(stage === 'before' ? 0 : 1)
    expect(acted).toEqual(stage === 'before' ? [] : [effectOf(event(1).id)])
    expect(records).toMatchObject([{ hits: 1, messages: [event(1).id] }])
  }
})

test('in a batch only the victims fail, and the others share one batch', async () => {
  const { batch, batches } = consumers()
  const fault = held('handler.error', { percent: 50, seed: 9, params: { stage: 'before' } })
  const { active } = openFaultsOf(fault)
  const events = Array.from({ length: 20 }, (_, index) => event(index + 1))
  const answers = (await withHandlerFaults(batch, active).batch?.(events)) ?? []
  const failed = answers.flatMap((answer, index) => (answer instanceof Error ? [index] : []))
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(20)
  expect(batches).toEqual([events.filter((_, index) => !failed.includes(index)).map(({ id }) => id)])
  for (const [index, answer] of answers.entries())
    if (!failed.includes(index)) expect(answer).toEqual(effectOf(events[index]?.id ?? ''))
})

test('after the effect, a batch is written as a whole and its victims fail, having reported it', async () => {
  const { batch, batches } = consumers()
  const { active } = openFaultsOf(held('handler.error', { params: { stage: 'after' } }))
  const acted: Effect[] = []
  const events = [1, 2].map((seq) => event(seq, { acted: (effect) => acted.push(effect) }))
  const answers = (await withHandlerFaults(batch, active).batch?.(events)) ?? []
  expect(batches).toEqual([[event(1).id, event(2).id]])
  expect(answers.every((answer) => answer instanceof Error)).toBe(true)
  expect(acted).toEqual([event(1).id, event(2).id].map(effectOf))
})

test('a slow victim does not hold the others of its batch, and an attempt that is aborted ends at once', async () => {
  const { batch, batches } = consumers()
  const { active } = openFaultsOf(
    held('handler.latency', { eventType: 'slow', params: { latencyMs: 60_000, jitterMs: 0 } }),
  )
  const attempt = new AbortController()
  const running = withHandlerFaults(batch, active).batch?.([
    event(1, { type: 'slow', signal: attempt.signal }),
    event(2, { signal: attempt.signal }),
  ])
  await expect.poll(() => batches).toEqual([[event(2).id]])
  attempt.abort(new Error('took too long'))
  const answers = (await running) ?? []
  expect(answers[0]).toMatchObject({ message: 'took too long' })
  expect(answers[1]).toEqual(effectOf(event(2).id))
})

test('without faults the handlers are called as they are', async () => {
  const { single, batch, handled, batches } = consumers()
  const { active, records } = openFaultsOf()
  await withHandlerFaults(single, active).handlers?.['*']?.(event(1))
  await withHandlerFaults(batch, active).batch?.([event(1), event(2)])
  expect([handled.length, batches.length, records.length]).toEqual([1, 1, 0])
})
