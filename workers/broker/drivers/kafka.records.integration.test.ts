import { ConfigResourceTypes, type KafkaMessage } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import { kafkaMissing } from '../../../test/kafka.ts'
import type { Settlement } from '../broker.ts'
import { ack, createBench, until } from '../contract/bench.contract.ts'
import { retryTopicOf } from './kafka/names.ts'
import { encodable, type RecordHeader } from './kafka/produce/record-headers.ts'
import { fetchAll, type KafkaUnderTest, kafkaUnderTest } from './kafka.contract.ts'

const error = { type: 'Undecodable', message: 'no' }
const bury: Settlement = { kind: 'dead-letter', reason: 'undecodable', attempts: 1, error }
const retry: Settlement = { kind: 'retry', delayMs: 0, mode: 'retry-topic' }

const bin = Buffer.from('00ff80', 'hex')
/** Names in any order and several times, one like a number, names that every object has, values of any bytes, empty or none. */
const oddHeaders: RecordHeader[] = [
  ...([
    ['tag', 'a'],
    ['bin', bin],
    ['tag', bin],
    ['2', 'two'],
    ['1', 'one'],
    ['constructor', 'c'],
  ] as RecordHeader[]),
  ...([
    ['tag', ''],
    ['__proto__', 'p'],
    ['none', null],
    ['toString', 's'],
    ['bin', null],
    ['ключ', 'я'],
  ] as RecordHeader[]),
]
const plainEvent = (topic: string): RecordHeader[] =>
  Object.entries({ ce_specversion: '1.0', ce_id: 'z', ce_type: topic, ce_time: new Date(0).toISOString() })

/** As the protocol writes headers: https://kafka.apache.org/documentation/#recordheader */
function wire(headers: readonly RecordHeader[]): Buffer {
  const sized = (bytes: Buffer | null) =>
    Buffer.concat([varint(bytes === null ? -1 : bytes.length), bytes ?? Buffer.alloc(0)])
  return Buffer.concat(
    headers.flatMap(([name, value]) => [sized(Buffer.from(name)), sized(value === null ? null : Buffer.from(value))]),
  )
}
function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value < 0 ? -2 * value - 1 : 2 * value
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80)
  return Buffer.from([...bytes, left])
}
/** What is behind the value in the fetched bytes: the number of headers, and the headers. */
function behind({ key, value }: KafkaMessage, length: number): Buffer {
  const last = value ?? key
  if (!last) throw new Error('a record without key and value cannot be found in its bytes')
  const start = last.byteOffset + last.length + (value === null ? 2 : 1)
  return Buffer.from(last.buffer).subarray(start, start + length)
}

describe.skipIf(await kafkaMissing('records of Kafka'))('records of other producers', { timeout: 90_000 }, () => {
  let kafka: KafkaUnderTest
  const bench = createBench(async () => {
    kafka = await kafkaUnderTest()
    return kafka
  })
  const { lab, consume } = bench

  async function send(topic: string, message: { key: Buffer | null; value: Buffer | null; headers: RecordHeader[] }) {
    const producer = kafka.client.producer()
    await producer.connect()
    await producer.send({ topic, messages: [{ ...message, headers: encodable(message.headers) }] })
    await producer.disconnect()
  }

  test.each([
    ['bytes', Buffer.from('00ff80', 'hex'), Buffer.from('c3287b00ff', 'hex'), false],
    ['an event', Buffer.from('k'), Buffer.from('{"n":1}'), true],
    ['no key', null, Buffer.from('{"n":1}'), true],
    ['an empty key and value', Buffer.alloc(0), Buffer.alloc(0), false],
    ['a tombstone', Buffer.from('k'), null, true],
  ])('B27 %s goes through retry, dead letters and redrive byte for byte', async (_, key, value, isEvent) => {
    const { broker, group, topic } = await lab()
    const headers = [...(isEvent ? plainEvent(topic) : []), ...oddHeaders]
    await send(topic, { key, value, headers })
    let decide: Settlement = retry
    const consumer = await consume(broker, group, (deliveries) => {
      const decided = deliveries.map(() => decide)
      decide = decide === retry ? bury : { kind: 'ack' }
      return decided
    })
    await until('it is buried', async () => (await broker.deadLetters.list(group, 1)).letters.length === 1)
    const [letter] = (await broker.deadLetters.list(group, 1)).letters
    const [inRetry] = await fetchAll(kafka.client, retryTopicOf(topic, group, 1))
    const [inDeath] = await fetchAll(kafka.client, deadLetterQueueOf(group))
    expect(await broker.deadLetters.redrive(group, [{ ref: letter?.ref ?? '' }])).toEqual([{ state: 'redriven' }])
    await until('it is handled again', () => consumer.seen.length === 3)
    const redriven = (await fetchAll(kafka.client, retryTopicOf(topic, group, 1))).at(-1)
    const [original] = await fetchAll(kafka.client, topic)
    expect(redriven?.message.offset).not.toBe(inRetry?.message.offset)
    for (const record of [original, inRetry, inDeath, redriven]) {
      expect(record?.message.key).toEqual(key)
      expect(record?.message.value).toEqual(value)
      const expected = wire(headers)
      expect(record && behind(record.message, expected.length).toString('hex')).toBe(expected.toString('hex'))
    }
    expect(consumer.seen.map(({ attempt }) => attempt)).toEqual([1, 2, 1])
    expect(new Set(consumer.seen.map(({ envelope }) => envelope?.id))).toEqual(new Set([isEvent ? 'z' : undefined]))
  })

  test('B27 a redrive with other headers changes those in their place and keeps the others', async () => {
    const { broker, group, topic } = await lab()
    await send(topic, {
      key: null,
      value: Buffer.from('x'),
      headers: [['a', '1'], ...oddHeaders, ['a', '2'], ['z', bin]],
    })
    let decide: Settlement = bury
    const consumer = await consume(broker, group, (deliveries) => {
      const decided = deliveries.map(() => decide)
      decide = { kind: 'ack' }
      return decided
    })
    await until('it is buried', async () => (await broker.deadLetters.list(group, 1)).letters.length === 1)
    const [letter] = (await broker.deadLetters.list(group, 1)).letters
    const request = { ref: letter?.ref ?? '', body: 'y', headers: { a: '3', b: '4' } }
    expect(await broker.deadLetters.redrive(group, [request])).toEqual([{ state: 'redriven' }])
    await until('it is handled again', () => consumer.seen.length === 2)
    const [redriven] = await fetchAll(kafka.client, retryTopicOf(topic, group, 1))
    const expected = wire([['a', '3'], ...oddHeaders, ['z', bin], ['b', '4']])
    expect(redriven && behind(redriven.message, expected.length).toString('hex')).toBe(expected.toString('hex'))
    expect(redriven?.message.value?.toString()).toBe('y')
  })

  test('B8 a record whose attributes are not text is not an event', async () => {
    const { broker, group, topic } = await lab()
    await send(topic, { key: null, value: Buffer.from('{}'), headers: [...plainEvent(topic), ['ce_id', bin]] })
    const consumer = await consume(broker, group, ack)
    await until('it is delivered', () => consumer.seen.length === 1)
    expect(consumer.seen[0]?.envelope).toBeUndefined()
  })

  test('B23 a record that looks like one of the driver takes no dead letter away', async () => {
    const { broker, group, topic } = await lab()
    await consume(broker, group, (deliveries) => deliveries.map(() => bury))
    const count = async () => (await broker.deadLetters.list(group, 5)).letters.length
    await send(topic, { key: null, value: Buffer.from('1'), headers: [['faultline_death', 'mine']] })
    await until('it is buried', async () => (await count()) === 1)
    await send(topic, { key: null, value: Buffer.from('2'), headers: [['faultline_gone', '0']] })
    await until('both are there', async () => (await count()) === 2)
    const [first] = (await broker.deadLetters.list(group, 5)).letters
    expect(first).toMatchObject({ headers: { faultline_death: 'mine' }, note: { reason: 'undecodable' } })
  })

  test('B5 a message that the topic lets through no more is refused by the name of the limit', async () => {
    const { broker, topic, envelope } = await lab()
    const admin = kafka.client.admin()
    await admin.connect()
    const configEntries = [{ name: 'max.message.bytes', value: '5000' }]
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    })
    await admin.disconnect()
    const large = envelope({ body: JSON.stringify('x'.repeat(6_000)) })
    const outcomes = await broker.publish([envelope(), large, envelope()])
    expect(outcomes.map(({ state }) => state)).toEqual(['acked', 'failed', 'acked'])
    expect(outcomes[1]).toMatchObject({
      error: { type: 'MessageTooLarge', message: expect.stringContaining(`max.message.bytes of ${topic}`) },
    })
  })
})
