import { z } from 'zod'
import { flag, text } from '../environment.ts'
import { hostPortsOf } from '../host-port.ts'
import { defineBroker } from './define-broker.ts'

const missing = 'KAFKA_BROKERS is not set: it names the brokers, for example 127.0.0.1:9092'
const security = {
  KAFKA_SSL: flag,
  KAFKA_SSL_CA: text,
  // Providers write them in upper case.
  KAFKA_SASL_MECHANISM: text
    .transform((value) => value?.toLowerCase())
    .pipe(z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional()),
  KAFKA_SASL_USERNAME: text,
  KAFKA_SASL_PASSWORD: text,
}

/** A Kafka cluster: the lab's own, or one that somebody else runs. */
export const kafka = defineBroker({
  name: 'kafka',
  label: 'Kafka',
  system: 'kafka',
  engines: ['kafka'],
  retryModes: ['retry-topic', 'blocking'],
  partitioned: true,
  env: { KAFKA_BROKERS: text, ...security },
  certificates: ['KAFKA_SSL_CA'],
  address: {
    ...{ variable: 'KAFKA_BROKERS', form: 'cluster', missing, defaultPort: 9092 },
    own: { port: 'kafka', at: (port) => `127.0.0.1:${port}`, without: Object.keys(security) },
  },
  options(settings) {
    const names = (settings.KAFKA_BROKERS ?? '').split(',').flatMap((name) => name.trim() || [])
    if (names.length === 0) throw new Error(missing)
    hostPortsOf('KAFKA_BROKERS', names.join())
    const { KAFKA_SSL: ssl, KAFKA_SSL_CA: ca, KAFKA_SASL_MECHANISM: mechanism } = settings
    const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = settings
    if (mechanism === undefined && (username !== undefined || password !== undefined))
      throw new Error(
        'KAFKA_SASL_MECHANISM is not set, but a user or password is: plain, scram-sha-256 or scram-sha-512',
      )
    if (mechanism !== undefined && (username === undefined || password === undefined))
      throw new Error(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`)
    return {
      brokers: names,
      // A certificate authority is given for nothing else than TLS.
      ...(ca !== undefined ? { ssl: { ca: [ca] } } : ssl ? { ssl: true as const } : {}),
      ...(mechanism === undefined || username === undefined || password === undefined
        ? {}
        : { sasl: { mechanism, username, password } }),
    }
  },
  words: { about: 'Kafka', expired: 'session expired' },
})
