import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'faultline-settings-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
const read = (env: Record<string, string>) => readSettings(root, env as NodeJS.ProcessEnv)

it('has a default for everything', () => {
  expect(read({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    ...{ dataFolder: join(root, '.faultline'), isDataRemoved: false },
    graceMs: 10_000,
  })
})

it('reads .env, over which the real environment wins, and takes an empty value as absent', () => {
  writeFileSync(join(root, '.env'), 'PORT=4000\nDATABASE_URL="postgresql://x/y"\nSMTP_URL=\n')
  expect(read({})).toMatchObject({ port: 4000, databaseUrl: 'postgresql://x/y' })
  expect(read({ PORT: '5000', DATABASE_URL: '' }).port).toBe(5000)
  expect(read({})).not.toHaveProperty('smtpUrl')
})

it('runs on the broker that the lab last ran on, unless BROKER says otherwise', () => {
  expect(read({}).broker).toBe('local')
  const state = join(root, '.faultline', 'state')
  mkdirSync(state, { recursive: true })
  writeFileSync(join(state, 'broker.json'), JSON.stringify({ broker: 'redis', start: 'a', given: 'local' }))
  expect(read({}).broker).toBe('redis')
  expect(read({ BROKER: 'local' }).broker).toBe('local')
  writeFileSync(join(state, 'broker.json'), '{')
  expect(() => read({})).toThrow('broker.json cannot be read: remove it')
})

it.each([
  [{ REDIS_URL: 'http://me:hidden-one@host:1' }, 'REDIS_URL=http://me:[secret]@host:1 is not valid'],
  [{ PORT: 'many' }, 'PORT=many is not valid: set it to a number from 1 to 65535'],
  [
    { BROKER: 'rabbit' },
    'BROKER=rabbit is not valid: set it to one of `local` (SNS/SQS in memory), `redis` (SNS/SQS on Redis), `kafka`',
  ],
  [{ KAFKA_BROKERS: 'broker' }, 'KAFKA_BROKERS=broker is not valid: set it to host:port'],
  [{ KAFKA_SASL_MECHANISM: 'gssapi' }, 'KAFKA_SASL_MECHANISM=gssapi is not valid: set it to plain, scram-sha-256 or'],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'me' }, 'KAFKA_SASL_MECHANISM is not set, but a user or password is'],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SSL_CA: '/nowhere/ca.pem' }, 'KAFKA_SSL_CA: /nowhere/ca.pem cannot be read'],
  [{ HOST: '0.0.0.0' }, 'set FAULTLINE_TOKEN to a secret'],
  [{ FAULTLINE_DEFECT: 'retry-early' }, 'start it with FAULTLINE_DEFECT_ALLOWED=1'],
  [{ FAULTLINE_DEFECT: 'typo', FAULTLINE_DEFECT_ALLOWED: '1' }, 'FAULTLINE_DEFECT=typo is not known'],
])('says what is wrong with %o', (env, sentence) => {
  expect(() => read(env)).toThrow(sentence)
})

it('hands on a relative file of certificates as it is named from its own folder', () => {
  writeFileSync(join(root, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n')
  const kafka = { KAFKA_BROKERS: 'k:9093', KAFKA_SSL: '1' }
  expect(read({ ...kafka, KAFKA_SSL_CA: 'ca.pem' }).inherited.KAFKA_SSL_CA).toBe(join(root, 'ca.pem'))
  const text = '-----BEGIN CERTIFICATE-----\nabc'
  expect(read({ ...kafka, KAFKA_SSL_CA: text }).inherited.KAFKA_SSL_CA).toBe(text)
})
