import { expect, test } from 'vitest'
import { z } from 'zod'
import { brokerEnvironment } from '#contracts/brokers/broker-settings.ts'
import { brokerLinks, effectLinks } from './links.ts'

const urls = { DATABASE_URL: 'postgresql://faultline:secret@localhost/faultline', SMTP_URL: 'smtp://[::1]:2525' }
const read = (source: Record<string, string>) => z.object(brokerEnvironment).parse(source)
const brokers = read({
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4100',
  AWS_REGION: 'eu-west-1',
  SNS_SQS_REDIS_ENDPOINT_URL: 'http://127.0.0.1:4200',
  KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093,kafka-3',
})

test('each address is a link under the name of its worker', () => {
  const [smtp, database] = effectLinks('consumer-x', urls)
  expect(database).toEqual({ id: 'consumer-x->database', host: 'localhost', port: 5432 })
  expect(smtp).toEqual({ id: 'consumer-x->smtp', host: '::1', port: 2525 })
  expect(effectLinks('consumer-x', { SMTP_URL: urls.SMTP_URL })).toEqual([smtp])
  expect(effectLinks('consumer-x', {})).toEqual([])
})

test('the broker is one link, wherever it is and however many addresses it has', () => {
  const id = 'consumer-x->broker'
  expect(brokerLinks('consumer-x', 'local', brokers)).toEqual([{ id, host: '127.0.0.1', port: 4100 }])
  expect(brokerLinks('consumer-x', 'redis', brokers)).toEqual([{ id, host: '127.0.0.1', port: 4200 }])
  expect(brokerLinks('consumer-x', 'kafka', brokers)).toEqual([
    { id, host: 'kafka-1', port: 9092 },
    { id, host: '::1', port: 9093 },
    { id, host: 'kafka-3', port: 9092 },
  ])
  expect(brokerLinks('consumer-x', 'local', read({ AWS_REGION: 'eu-west-1' }))).toEqual([
    { id, host: 'sns.eu-west-1.amazonaws.com', port: 443 },
    { id, host: 'sqs.eu-west-1.amazonaws.com', port: 443 },
  ])
})

test.each([
  ['redis', {}, /SNS_SQS_REDIS_ENDPOINT_URL is not set/],
  ['kafka', {}, /KAFKA_BROKERS is not set/],
  ['kafka', { KAFKA_BROKERS: ' , ' }, /KAFKA_BROKERS is not set/],
  ['kafka', { KAFKA_BROKERS: 'kafka://a' }, /"kafka:\/\/a" is not host:port/],
] as const)('a broker that the environment does not name is refused: %s %o', (broker, given, reason) => {
  expect(() => brokerLinks('a', broker, read(given))).toThrow(reason)
})

test('an address that no proxy can carry is refused', () => {
  expect(() => effectLinks('a', { DATABASE_URL: 'postgresql://u@localhost/db?host=/run/postgresql' })).toThrow(
    /name the host/,
  )
})
