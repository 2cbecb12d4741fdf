import { expect, test } from 'vitest'
import { brokerLinks, effectLinks, neededUrls } from './links.ts'

const effects = { databaseUrl: 'postgresql://faultline:secret@localhost/faultline', smtpUrl: 'smtp://[::1]:2525' }
const brokers = {
  awsEndpointUrl: 'http://127.0.0.1:4100',
  awsRegion: 'eu-west-1',
  redisEndpointUrl: 'http://127.0.0.1:4200',
  kafkaBrokers: 'kafka-1:9092, [::1]:9093,kafka-3',
}

test('each address is a link under the name of its worker', () => {
  expect(effectLinks('consumer-x', effects)).toEqual([
    { id: 'consumer-x->database', host: 'localhost', port: 5432 },
    { id: 'consumer-x->smtp', host: '::1', port: 2525 },
  ])
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
  expect(brokerLinks('consumer-x', 'local', { awsRegion: 'eu-west-1' })).toEqual([
    { id, host: 'sns.eu-west-1.amazonaws.com', port: 443 },
    { id, host: 'sqs.eu-west-1.amazonaws.com', port: 443 },
  ])
})

test.each([
  ['redis', {}, /SNS_SQS_REDIS_ENDPOINT_URL is not set/],
  ['kafka', {}, /KAFKA_BROKERS is not set/],
  ['kafka', { kafkaBrokers: 'kafka://a' }, /"kafka:\/\/a" is not host:port/],
] as const)('a broker that the environment does not name is refused: %s %o', (broker, given, reason) => {
  expect(() => brokerLinks('a', broker, { awsRegion: 'us-east-1', ...given })).toThrow(reason)
})

test('a worker is given the addresses that its effect needs', () => {
  const keys = (service: string) => Object.keys(neededUrls(service, effects))
  expect(keys('producer')).toEqual([])
  expect(keys('consumer-db')).toEqual(['databaseUrl'])
  expect(keys('consumer-email')).toEqual(['smtpUrl'])
  expect(keys('consumer-undeclared')).toEqual(['databaseUrl', 'smtpUrl'])
})

test('an address that no proxy can carry is refused', () => {
  expect(() => effectLinks('a', { databaseUrl: 'postgresql://u@localhost/db?host=/run/postgresql' })).toThrow(
    /name the host/,
  )
})
