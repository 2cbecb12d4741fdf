import { expect, test } from 'vitest'
import type { Envelope } from '#contracts/events/envelope.ts'
import { paymentFailed } from '#contracts/events/payment-failed.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { DeliveryHandler, PublishOutcome, SubscribeOptions } from '#workers/broker/broker.ts'
import type { HandledEvent } from '../../consume/consumer.ts'
import { delivery, openBatchHandler } from '../../consume/handle-batch.fixture.ts'
import type { DefectiveBroker } from '../defect.ts'
import { workerDefects } from '../defect-list.ts'

const body = JSON.stringify(paymentFailed.example)
const cause = (seq: number): string => `producer-1:1:user_signup:${seq}`

/** A worker with a defect, whose handler sends one event with an id of its own; the broker answers when `answer` says so. */
async function open(name: keyof typeof workerDefects, answer: Promise<void> = Promise.resolve()) {
  const sent: Envelope[] = []
  const harmed: string[] = []
  const mended: string[] = []
  const defect = workerDefects[name]({
    harmed: (...ids) => harmed.push(...ids),
    mended: (...ids) => mended.push(...ids),
  })
  let given: { handle: DeliveryHandler; options: SubscribeOptions } | undefined
  const broker: DefectiveBroker = {
    async publish(envelopes): Promise<PublishOutcome[]> {
      sent.push(...envelopes)
      await answer
      return envelopes.map(({ id }) => ({ state: 'acked', ref: id }))
    },
    async subscribe(_, handle, options = {}) {
      given = { handle, options }
      return { stop: async () => undefined, inHand: () => 0 }
    },
  }
  const defective = defect.broker?.(broker) ?? broker
  const handler = async (event: HandledEvent) => {
    event.send({ type: 'payment_failed', body, givenId: `reply to ${event.id}` })
    return undefined
  }
  const publishing = { publish: defective.publish, ...(defect.emitter === undefined ? {} : { wrap: defect.emitter }) }
  const opened = openBatchHandler({ handlers: { '*': handler } }, {}, publishing)
  await defective.subscribe('consumer-test', opened.handle)
  if (given === undefined) throw new Error('the broker was not subscribed to')
  return { ...opened, ...given, sent, harmed, mended }
}

/** Handles messages one after the other. */
async function handleAll(handle: DeliveryHandler, count: number): Promise<void> {
  for (let seq = 1; seq <= count; seq += 1) expect(await handle([delivery(seq)])).toEqual([{ kind: 'ack' }])
}
const kinds = (records: TelemetryRecord[]) => records.map(({ kind }) => kind)
const causesOf = (records: TelemetryRecord[]) =>
  records.flatMap((record) =>
    record.kind === 'publish.attempted' ? record.messages.map(({ cause: of }) => [of?.id, of?.ordinal]) : [],
  )
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('child-without-cause-ack: a message is done before the broker has what it causes', async () => {
  let answer: () => void = () => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const { handle, records, harmed, mended } = await open('child-without-cause-ack', answered)
  await handleAll(handle, 1)
  expect(kinds(records)).not.toContain('publish.settled')
  expect([harmed, mended]).toEqual([[cause(1)], []])
  answer()
  while (mended.length === 0) await turn()
  expect(kinds(records)).toContain('publish.settled')
})

test('child-twice: of one in three messages the same ordinal is published again under another identity', async () => {
  const { handle, records, sent, harmed } = await open('child-twice')
  await handleAll(handle, 3)
  expect(causesOf(records)).toEqual([1, 1, 2, 3].map((seq) => [cause(seq), 1]))
  expect(harmed).toEqual([sent[1]?.id])
})

test('reply-lost: of one in three messages nothing is published', async () => {
  const { handle, sent, harmed } = await open('reply-lost')
  await handleAll(handle, 4)
  expect(sent.map(({ causationId }) => causationId)).toEqual([cause(2), cause(3)])
  expect(harmed).toEqual([cause(1), cause(4)])
})

test('commit-before-reply: what a message causes is published when the broker has confirmed that it is done', async () => {
  const { handle, options, sent, harmed, mended } = await open('commit-before-reply')
  const one = delivery(1)
  const settlements = await handle([one])
  await turn()
  expect([sent, harmed]).toEqual([[], []])
  options.onSettled?.([one], settlements, [true])
  expect(harmed).toEqual([cause(1)])
  while (mended.length === 0) await turn()
  expect(sent.map(({ causationId }) => causationId)).toEqual([cause(1)])
})

test('wrong-cause: one in three events names the message that was handled before', async () => {
  const { handle, records, sent, harmed } = await open('wrong-cause')
  await handleAll(handle, 4)
  expect(causesOf(records)).toEqual([1, 1, 3, 4].map((seq) => [cause(seq), 1]))
  expect(harmed).toEqual([sent[1]?.id])
})
