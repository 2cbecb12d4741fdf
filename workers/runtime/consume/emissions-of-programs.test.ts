import { getEventListeners } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Envelope, traceIdOf } from '#contracts/events/envelope.ts'
import type { PublishOutcome } from '#workers/broker/broker.ts'
import type { HandledEvent } from './consumer.ts'
import { acked, attempted, ended, failure, order, refused, rowEffect, sending, taking } from './emissions.fixture.ts'
import { delivery, openBatchHandler } from './handle-batch.fixture.ts'

test('a program may publish while its handler runs; the message is not settled before the outcome is known', async () => {
  let settle: (outcomes: PublishOutcome[]) => void = () => undefined
  const calls: Envelope[] = []
  const publish = (envelopes: Envelope[]) => {
    calls.push(...envelopes)
    return new Promise<PublishOutcome[]>((resolve) => {
      settle = resolve
    })
  }
  const opened = openBatchHandler(
    {
      handlers: {
        '*': async (event) => {
          void opened.emitter?.publishCaused(failure, event)
          return rowEffect
        },
      },
    },
    {},
    { publish },
  )
  const handling = opened.handle([delivery(1)])
  await vi.waitUntil(() => calls.length === 1)
  expect(calls[0]).toMatchObject({ causationId: 'producer-1:1:user_signup:1', hops: 1 })
  expect(ended(opened.records)).toEqual([])
  settle(await refused(calls))
  expect(await handling).toMatchObject([{ kind: 'retry' }])
  expect(ended(opened.records)).toMatchObject([{ error: { type: 'EmissionNotAcknowledged' } }])
})

test('an event of an attempt that is over is refused, and never published', async () => {
  const { taken, publish } = taking()
  const late: HandledEvent[] = []
  const opened = openBatchHandler(
    {
      handlers: {
        '*': (event) => {
          late.push(event)
          return event.id.endsWith(':1') ? new Promise(() => undefined) : Promise.resolve(rowEffect)
        },
      },
    },
    { attemptTimeoutMs: 20 },
    { publish },
  )
  await opened.handle([delivery(1)])
  await opened.handle([delivery(2)])
  for (const event of late) {
    expect(await opened.emitter?.publishCaused(order, event)).toMatchObject({
      ...{ state: 'refused', error: { type: 'AttemptOver' } },
    })
  }
  expect(await opened.emitter?.publishCaused(order, { id: 'nobody:1:x:1' })).toMatchObject({ state: 'refused' })
  expect(taken).toEqual([])
})

test('a deadline that passes while an event of the program is looked at keeps it from the broker', async () => {
  const { taken, publish } = taking()
  const refusals: unknown[] = []
  const opened = openBatchHandler(
    {
      handlers: {
        '*': (event) => {
          event.signal.addEventListener('abort', () => {
            // The attempt is reported as over only after its listeners: this event comes just before.
            void opened.emitter?.publishCaused(order, event).then((answer) => refusals.push(answer))
          })
          return new Promise(() => undefined)
        },
      },
    },
    { attemptTimeoutMs: 20 },
    { publish },
  )
  await opened.handle([delivery(1)])
  await vi.waitUntil(() => refusals.length === 1)
  expect(refusals).toMatchObject([{ state: 'refused', error: { type: 'AttemptOver' } }])
  expect(taken).toEqual([])
})

test('a refusal at the hop limit expires the cause, also where the program does not mind', async () => {
  const { publish } = taking()
  const opened = openBatchHandler(
    {
      handlers: {
        '*': async (event) => {
          expect(await opened.emitter?.publishCaused(order, event)).toMatchObject({ state: 'refused' })
          return rowEffect
        },
      },
    },
    {},
    { publish, hopLimit: 1 },
  )
  const given = delivery(1)
  const envelope = { ...(given.envelope as Envelope), hops: 1 }
  expect(await opened.handle([{ ...given, envelope }])).toMatchObject([{ kind: 'dead-letter', reason: 'expired' }])
})

test('a shutdown that cannot wait interrupts the attempt; one that waits lets it end', async () => {
  const calls: ((outcomes: PublishOutcome[]) => void)[] = []
  const publish = () => new Promise<PublishOutcome[]>((resolve) => calls.push(resolve))
  const { handle, records, interruption } = openBatchHandler({ handlers: { '*': sending(order) } }, {}, { publish })
  const first = handle([delivery(1)])
  await vi.waitUntil(() => calls.length === 1)
  calls[0]?.([{ state: 'acked', ref: '1' }])
  expect(await first).toEqual([{ kind: 'ack' }])
  const second = handle([delivery(2)])
  await vi.waitUntil(() => calls.length === 2)
  interruption.abort(new Error('the worker is stopping'))
  expect(await second).toEqual([{ kind: 'release' }])
  expect(ended(records)).toMatchObject([{ outcome: 'ok' }, { outcome: 'interrupted', effect: rowEffect }])
  calls[1]?.([{ state: 'acked', ref: '2' }])
})

test('a worker that does not publish fails attempts that send', async () => {
  const { handle, records } = openBatchHandler({ handlers: { '*': sending(order) } })
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(ended(records)).toMatchObject([{ error: { type: 'EmissionNotAcknowledged' }, effect: rowEffect }])
})

test('an event without a cause begins a flow of its own and continues the trace of its program', async () => {
  const { taken, publish } = taking()
  const { emitter, records } = openBatchHandler({ handlers: {} }, {}, { publish })
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  expect(await emitter?.publishCaused({ ...order, traceparent })).toEqual({
    ...{ state: 'acked', id: 'consumer-test-1:7:order_placed:1', ref: 'ref of consumer-test-1:7:order_placed:1' },
  })
  expect(traceIdOf(taken[0]?.traceparent ?? '')).toBe('a'.repeat(32))
  expect(taken[0]).not.toHaveProperty('correlationId')
  expect(attempted(records)[0]?.cause).toBeUndefined()
  await emitter?.stop(1_000)
  expect(await emitter?.publishCaused(order)).toMatchObject({ state: 'refused', error: { type: 'WorkerStopping' } })
})

test('many that wait for the broker at a time leave nothing behind, and nobody warns of it', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))
  const calls: { envelopes: Envelope[]; answer: (outcomes: PublishOutcome[]) => void }[] = []
  const publish = (envelopes: Envelope[]) =>
    new Promise<PublishOutcome[]>((resolve) => calls.push({ envelopes, answer: resolve }))
  const { handle, interruption } = openBatchHandler({ handlers: { '*': sending(order) } }, {}, { publish })
  const handling = Array.from({ length: 64 }, (_, n) => handle([delivery(n + 1)]))
  await vi.waitUntil(() => calls.flatMap(({ envelopes }) => envelopes).length === 64)
  for (const { envelopes, answer } of calls) answer(await acked(envelopes))
  for (const settlements of await Promise.all(handling)) expect(settlements).toEqual([{ kind: 'ack' }])
  expect(getEventListeners(interruption.signal, 'abort')).toEqual([])
  // Warnings come in a turn of their own.
  await new Promise((resolve) => setImmediate(resolve))
  expect(warnings).toEqual([])
})
