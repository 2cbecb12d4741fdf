import {
  GetQueueUrlCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { Delivery } from '../../broker.ts'
import { until } from '../../contract/bench.contract.ts'
import { simulatorUnderTest } from '../sns-sqs.contract.ts'

let real: Awaited<ReturnType<typeof simulatorUnderTest>>
let sqs: SQSClient

beforeAll(async () => {
  real = await simulatorUnderTest()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  sqs = new SQSClient({ endpoint: real.endpoint, credentials, region: 'us-east-1' })
}, 60_000)
afterAll(async () => {
  sqs.destroy()
  await real.stop()
})

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue })
const urlOf = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl
/** As a queue gives them: the type, and the one value that it has. */
const shown = (attributes: Record<string, MessageAttributeValue> = {}) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      `${DataType} ${StringValue ?? Buffer.from(BinaryValue ?? []).toString('hex')}`,
    ]),
  )

test('B27 attributes keep their types among the dead letters and through a redrive, ten of them too', async () => {
  const broker = real.connect()
  const topic = 'typed'
  const group = 'consumer-typed'
  await broker.declare({
    topics: [{ topic, types: [topic] }],
    groups: [{ group, types: [topic], topics: [topic] }],
  })
  const attributes: Record<string, MessageAttributeValue> = {
    ...{
      ce_specversion: text('1.0'),
      ce_id: text('z'),
      ce_type: text(topic),
      a: text('1'),
      b: text('2'),
      c: text('3'),
    },
    bin: { DataType: 'Binary', BinaryValue: Buffer.from('00ff80', 'hex') },
    png: { DataType: 'Binary.png', BinaryValue: Buffer.from('89', 'hex') },
    sum: { DataType: 'Number', StringValue: '820000000000000508' },
    custom: { DataType: 'String.id', StringValue: 'x' },
  }
  const QueueUrl = await urlOf(group)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', MessageAttributes: attributes }))
  const seen: Delivery[] = []
  const error = { type: 'Refused', message: 'no' }
  const subscription = await broker.subscribe(group, async (deliveries) => {
    seen.push(...deliveries)
    return deliveries.map(() => ({ kind: 'dead-letter', reason: 'max_attempts', attempts: 1, error }))
  })
  const letters = async () => (await broker.deadLetters.list(group, 5)).letters
  await until('it is buried', async () => (await letters()).length === 1)
  await subscription.stop(1_000)
  const [letter] = await letters()
  expect(letter?.headers).toEqual(seen[0]?.headers)
  const receive = async (QueueUrl: string | undefined) => {
    const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 0 })
    return shown((await sqs.send(command)).Messages?.[0]?.MessageAttributes)
  }
  expect(await receive(await urlOf(deadLetterQueueOf(group)))).toMatchObject({
    ...{ bin: 'Binary 00ff80', png: 'Binary.png 89', sum: 'Number 820000000000000508', custom: 'String.id x' },
  })
  expect(await broker.deadLetters.redrive(group, [{ ref: letter?.ref ?? '' }])).toEqual([{ state: 'redriven' }])
  expect(await receive(QueueUrl)).toEqual(shown(attributes))
  await broker.close()
}, 60_000)
