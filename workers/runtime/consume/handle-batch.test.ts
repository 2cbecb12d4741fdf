import { expect, test } from 'vitest'
import { paymentFailed } from '#contracts/events/payment-failed.ts'
import { telemetryRecords } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from './consumer.ts'
import { delivery, openBatchHandler } from './handle-batch.fixture.ts'

const row = async () => ({ kind: 'row' as const, ref: 'users/ada@example.com' })

class CardDeclined extends Error {
  override readonly name = 'CardDeclined'
}

test('a handled event is acknowledged, and its start is reported before the handler, its end after it', async () => {
  let seenAtHandler = 0
  const { handle, records, lines } = openBatchHandler({
    handlers: {
      user_signup: async ({ data, id, eventType }) => {
        seenAtHandler = records.length
        expect(data).toMatchObject({ email: 'ada@example.com' })
        expect(id).toBe('producer-1:1:user_signup:7')
        expect(eventType?.name).toBe('user_signup')
        return row()
      },
    },
  })
  expect(await handle([delivery(7)])).toEqual([{ kind: 'ack' }])
  expect(seenAtHandler).toBe(1)
  expect(records.map(({ kind }) => kind)).toEqual(['delivery.started', 'delivery.ended'])
  expect(records[1]).toMatchObject({ deliveries: [{ outcome: 'ok', effect: { kind: 'row' } }] })
  expect(() => telemetryRecords.parse(records)).not.toThrow()
  expect(lines[0]).toMatchObject({ messageId: 'producer-1:1:user_signup:7' })
  expect(lines[0]?.msg).toMatch(
    /^user_signup producer-1:1:user_signup:7 → row users\/ada@example.com \(\d+(\.\d)? ms\)$/,
  )
})

test('what a handler says replaces the effect in its line', async () => {
  const { handle, lines } = openBatchHandler({
    handlers: {
      '*': async (event) => {
        event.say('mail to ada@example.com')
        return undefined
      },
    },
  })
  await handle([delivery(1)])
  expect(lines[0]?.msg).toContain('→ mail to ada@example.com (')
})

test('an attempt that failed after it had acted reports its effect, be it alone, in a batch or interrupted', async () => {
  const effect = { kind: 'email', ref: 'a@b' } as const
  const fail = (event: HandledEvent): never => {
    event.acted(effect)
    throw new Error('too late')
  }
  const alone = openBatchHandler({ handlers: { '*': async (event) => fail(event) } })
  const together = openBatchHandler({ batch: async (events) => fail(events[0] as HandledEvent) })
  const stopped = openBatchHandler({
    handlers: {
      '*': async (event) => {
        event.acted(effect)
        stopped.interruption.abort(new Error('the worker is stopping'))
        return new Promise(() => undefined)
      },
    },
  })
  for (const [lab, outcome] of [
    [alone, 'error'],
    [together, 'error'],
    [stopped, 'interrupted'],
  ] as const) {
    await lab.handle([delivery(1)])
    expect(lab.records.at(-1)).toMatchObject({ kind: 'delivery.ended', deliveries: [{ outcome, effect }] })
  }
})

test('a failed attempt runs again after the backoff of the policy, counted from its attempt', async () => {
  const { handle, records } = openBatchHandler(
    { handlers: { '*': () => Promise.reject(new CardDeclined('no funds')) } },
    { initialIntervalMs: 100, backoffCoefficient: 3 },
  )
  expect(await handle([delivery(1, { attempt: 3 })])).toEqual([
    { kind: 'retry', delayMs: 900, mode: 'visibility-timeout' },
  ])
  const [, ended] = records
  if (ended?.kind !== 'delivery.ended') throw new Error('no end was reported')
  expect(ended.deliveries[0]).toMatchObject({
    outcome: 'error',
    error: { type: 'CardDeclined', message: 'no funds' },
    next: { state: 'retrying', dueAt: ended.at + 900 },
  })
})

test('the last attempt and an error that is not worth another go to the dead letters', async () => {
  const failing = { handlers: { '*': () => Promise.reject(new CardDeclined('no funds')) } }
  const last = await openBatchHandler(failing, { maximumAttempts: 4 }).handle([delivery(1, { attempt: 4 })])
  expect(last).toMatchObject([{ kind: 'dead-letter', reason: 'max_attempts', attempts: 4 }])
  const once = await openBatchHandler(failing, { nonRetryableErrorTypes: ['CardDeclined'] }).handle([delivery(1)])
  expect(once).toMatchObject([{ kind: 'dead-letter', reason: 'non_retryable', attempts: 1 }])
  const similar = await openBatchHandler(failing, { nonRetryableErrorTypes: ['Card', 'cardDeclined'] }).handle([
    delivery(1),
  ])
  expect(similar).toMatchObject([{ kind: 'retry' }])
})

test('a changed policy holds for the next batch', async () => {
  const { handle, lab } = openBatchHandler({ handlers: { '*': () => Promise.reject(new Error('no')) } })
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  const [subscription] = lab.config.subscriptions
  if (!subscription) throw new Error('no subscription')
  const retryPolicy = { ...subscription.retryPolicy, maximumAttempts: 1 }
  lab.config = { ...lab.config, revision: 2, subscriptions: [{ ...subscription, retryPolicy }] }
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'dead-letter' }])
})

test('a type may have a policy of its own, its time limit included', async () => {
  const started: string[] = []
  const { handle, lab } = openBatchHandler({
    handlers: {
      user_signup: () => Promise.reject(new Error('no')),
      payment_failed: ({ type }) => {
        started.push(type)
        return new Promise(() => undefined)
      },
    },
  })
  const [subscription] = lab.config.subscriptions
  if (!subscription) throw new Error('no subscription')
  const retryPolicyByType = { payment_failed: { maximumAttempts: 1, attemptTimeoutMs: 20 } }
  lab.config = { ...lab.config, revision: 2, subscriptions: [{ ...subscription, retryPolicyByType }] }
  const payment = delivery(2, { type: 'payment_failed', body: JSON.stringify(paymentFailed.example) })
  expect(await handle([delivery(1), payment])).toMatchObject([
    { kind: 'retry' },
    { kind: 'dead-letter', reason: 'max_attempts', error: { type: 'AttemptTimeout' } },
  ])
  expect(started).toEqual(['payment_failed'])
})

test.each([
  ['no JSON', delivery(1, { body: '{"email":' })],
  ['no UTF-8', delivery(1, { bytes: Buffer.from('{"email":"a@b.co","name":"\xff"}', 'latin1') })],
  ['a byte order mark', delivery(1, { body: '\ufeff{"email":"a@b.co"}' })],
  ['too deep', delivery(1, { body: `{"email":"a@b.co","x":${'['.repeat(100_000)}` })],
  ['a prototype', delivery(1, { body: '{"email":"a@b.co","__proto__":{}}' })],
  ['a breach of the schema', delivery(1, { body: '{"email":"nobody"}' })],
  ['no event at all', { ...delivery(1), envelope: undefined }],
])('%s is a dead letter after one attempt, and its neighbours are handled', async (_, bad) => {
  const { handle, records } = openBatchHandler({ handlers: { '*': row } })
  const { envelope, ...rest } = bad
  const settlements = await handle([delivery(8), envelope ? { ...rest, envelope } : rest, delivery(9)])
  expect(settlements).toMatchObject([
    { kind: 'ack' },
    { kind: 'dead-letter', reason: 'undecodable', attempts: 1, error: { type: 'Undecodable' } },
    { kind: 'ack' },
  ])
  expect(() => telemetryRecords.parse(records)).not.toThrow()
})

test('a message of a schema version that this process never saw is handled: its producer has validated it', async () => {
  const { handle } = openBatchHandler({ handlers: { '*': row } })
  expect(await handle([delivery(1, { version: 9, body: '{"other":true}' })])).toEqual([{ kind: 'ack' }])
})

test('a type that is no longer defined is handled like any other: it is owed', async () => {
  const { handle } = openBatchHandler({ handlers: { '*': row } })
  expect(await handle([delivery(1, { type: 'gone_type' })])).toEqual([{ kind: 'ack' }])
})

test('a type that no handler takes fails with NoHandler, also one named like a method of every object', async () => {
  const { handle, records } = openBatchHandler({ handlers: { user_signup: row } })
  expect(await handle([delivery(1, { type: 'constructor' })])).toMatchObject([{ kind: 'retry' }])
  expect(records[1]).toMatchObject({ deliveries: [{ error: { type: 'NoHandler' } }] })
})

test('an attempt that takes too long fails with AttemptTimeout, and its signal aborts', async () => {
  let aborted: unknown
  const { handle, records } = openBatchHandler(
    {
      handlers: {
        '*': ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              aborted = signal.reason
              reject(new Error('too late to matter'))
            })
          }),
      },
    },
    { attemptTimeoutMs: 20 },
  )
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(records[1]).toMatchObject({ deliveries: [{ outcome: 'error', error: { type: 'AttemptTimeout' } }] })
  expect(aborted).toMatchObject({ name: 'AttemptTimeout' })
})

test('a shutdown that can wait no longer gives messages back, those that are done stay done', async () => {
  const { handle, records, interruption } = openBatchHandler({
    handlers: {
      '*': ({ id }) => (id.endsWith(':1') ? row() : new Promise(() => undefined)),
    },
  })
  const settling = handle([delivery(1), delivery(2)])
  // The first one is done within the turn in which it began.
  await new Promise(setImmediate)
  interruption.abort(new Error('stopping'))
  expect(await settling).toEqual([{ kind: 'ack' }, { kind: 'release' }])
  expect(records[1]).toMatchObject({ deliveries: [{ outcome: 'ok' }, { outcome: 'interrupted' }] })
  expect(await handle([delivery(3)])).toEqual([{ kind: 'release' }])
})

test('a batch handler answers per event; an error fails its event only', async () => {
  const { handle } = openBatchHandler({
    batch: async (events) => events.map((_, index) => (index === 1 ? new CardDeclined('no') : undefined)),
  })
  expect(await handle([delivery(1), delivery(2), delivery(3)])).toMatchObject([
    { kind: 'ack' },
    { kind: 'retry' },
    { kind: 'ack' },
  ])
})

test('a batch handler that throws fails all its events, and so does one that gives too few answers the rest', async () => {
  const throwing = openBatchHandler({
    batch: () => {
      throw new CardDeclined('no')
    },
  })
  expect(await throwing.handle([delivery(1), delivery(2)])).toMatchObject([{ kind: 'retry' }, { kind: 'retry' }])
  const short = openBatchHandler({ batch: async () => [undefined] })
  expect(await short.handle([delivery(1), delivery(2)])).toMatchObject([{ kind: 'ack' }, { kind: 'retry' }])
})

test('an error is data whatever was thrown', async () => {
  const { handle, records } = openBatchHandler({
    handlers: {
      '*': ({ id }) => Promise.reject(id.endsWith(':1') ? 'just text' : new TypeError('x'.repeat(9_000))),
    },
  })
  await handle([delivery(1), delivery(2)])
  expect(() => telemetryRecords.parse(records)).not.toThrow()
  expect(records[1]).toMatchObject({
    deliveries: [{ error: { type: 'NonError', message: 'just text' } }, { error: { type: 'TypeError' } }],
  })
})
