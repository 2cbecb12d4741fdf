import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { brokerEnvironment } from '#contracts/brokers/broker-settings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { brokerOptionsOf } from './broker-settings.ts'

const read = (source: Record<string, string>) => z.object(brokerEnvironment).parse(source)
const optionsOf = (source: Record<string, string>, broker: 'local' | 'redis' | 'kafka') =>
  brokerOptionsOf(read(source), broker)

test('local and redis have an endpoint each, and the simulator its own credentials', () => {
  const credentials = { accessKeyId: 'faultline', secretAccessKey: 'faultline' }
  const source = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', SNS_SQS_REDIS_ENDPOINT_URL: 'http://127.0.0.1:2' }
  expect(optionsOf(source, 'local')).toEqual({
    ...{ broker: 'local', endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials },
  })
  expect(optionsOf({ ...source, AWS_ACCESS_KEY_ID: 'mine' }, 'redis')).toEqual({
    ...{ broker: 'redis', endpoint: 'http://127.0.0.1:2', region: 'us-east-1' },
  })
})

test('the AWS cloud is used only if it was asked for', () => {
  const shell = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-west-1' }
  expect(() => optionsOf(shell, 'local')).toThrow(/SNS_SQS_CLOUD=1/)
  expect(optionsOf({ ...shell, SNS_SQS_CLOUD: '1' }, 'local')).toEqual({ broker: 'local', region: 'eu-west-1' })
})

test('an address that is missing or cannot be read is named', () => {
  expect(() => optionsOf({}, 'redis')).toThrow(/SNS_SQS_REDIS_ENDPOINT_URL is not set/)
  expect(() => optionsOf({}, 'kafka')).toThrow(/KAFKA_BROKERS is not set/)
  expect(() => optionsOf({ KAFKA_BROKERS: 'a:1, kafka://b:2' }, 'kafka')).toThrow(/"kafka:\/\/b:2" is not host:port/)
})

test('a managed cluster: TLS with its own authority, and SASL', async () => {
  const ca = join(await temporaryFolder('ca'), 'ca.pem')
  const base = { KAFKA_BROKERS: 'a.example:9092, b.example:9092' }
  const sasl = { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' }
  expect(optionsOf({ ...base, KAFKA_SSL: '1', ...sasl }, 'kafka')).toEqual({
    broker: 'kafka',
    brokers: ['a.example:9092', 'b.example:9092'],
    ssl: true,
    sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
  })
  expect(() => optionsOf({ ...base, KAFKA_SSL_CA: ca }, 'kafka')).toThrow(/KAFKA_SSL_CA: .* cannot be read/)
  writeFileSync(ca, 'not a certificate')
  expect(() => optionsOf({ ...base, KAFKA_SSL_CA: ca }, 'kafka')).toThrow(/holds no PEM certificate/)
  writeFileSync(ca, '-----BEGIN CERTIFICATE-----\n')
  expect(optionsOf({ ...base, KAFKA_SSL_CA: ca }, 'kafka')).toMatchObject({ ssl: { ca: [expect.any(String)] } })
  const text = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
  expect(optionsOf({ ...base, KAFKA_SSL_CA: text }, 'kafka')).toMatchObject({ ssl: { ca: [text] } })
  expect(() => optionsOf({ ...base, ...sasl, KAFKA_SASL_PASSWORD: '' }, 'kafka')).toThrow(/needs KAFKA_SASL_USERNAME/)
  expect(() => optionsOf({ ...base, KAFKA_SASL_USERNAME: 'u' }, 'kafka')).toThrow(/KAFKA_SASL_MECHANISM is not set/)
})
