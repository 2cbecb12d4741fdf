import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { brokers } from './broker-list.ts'
import { type BrokerName, brokerName, brokerOf, defaultBroker } from './broker-name.ts'
import { addressTextOf, brokerEnvironment, brokerSettingsOf, endpointsOf } from './broker-settings.ts'
import { defineBroker } from './define-broker.ts'
import { kafka } from './kafka.ts'

const read = (source: Record<string, string>) => z.object(brokerEnvironment).parse(source)

describe('the broker list', () => {
  it('names each broker once, and its first is the default', () => {
    expect(brokerName.options).toEqual(brokers.map(({ name }) => name))
    expect(new Set(brokerName.options).size).toBe(brokers.length)
    expect(defaultBroker).toBe(brokers[0].name)
  })

  it('knows every broker by an address and an engine port of its own', () => {
    expect(new Set(brokers.map(({ address }) => address.variable)).size).toBe(brokers.length)
    expect(new Set(brokers.map(({ address }) => address.own?.port)).size).toBe(brokers.length)
  })

  it.each(brokers.map(({ name }) => [name]))('%s says which variable is missing, the same in each place', (name) => {
    const { variable, missing, otherwise } = brokerOf(name as BrokerName).address
    expect(missing).toContain(`${variable} is not set: `)
    if (otherwise === undefined) expect(() => endpointsOf(name, read({}))).toThrow(missing)
  })
})

describe('the settings of brokers', () => {
  it('are a part of the environment, in which an empty variable is an absent one', () => {
    const settings = read({ KAFKA_BROKERS: '', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', PATH: '/bin' })
    expect(addressTextOf('kafka', settings)).toBeUndefined()
    expect(addressTextOf('local', settings)).toBe('http://127.0.0.1:1')
    expect(brokerSettingsOf(Object.assign({}, settings, { PATH: '/bin' }))).not.toHaveProperty('PATH')
  })

  it('lead to a URL, the hosts of a cluster, or to AWS itself', () => {
    expect(endpointsOf('local', read({ AWS_ENDPOINT_URL: 'http://a' }))).toEqual([{ url: 'http://a' }])
    expect(endpointsOf('local', read({})).map((one) => 'url' in one && one.url)).toEqual([
      'https://sns.us-east-1.amazonaws.com',
      'https://sqs.us-east-1.amazonaws.com',
    ])
    expect(endpointsOf('kafka', read({ KAFKA_BROKERS: 'a, b:1' }))).toEqual([
      { host: 'a', port: 9092 },
      { host: 'b', port: 1 },
    ])
  })
})

it('a broker whose address is in a variable that it does not read is refused', () => {
  expect(() => defineBroker({ ...kafka, address: { ...kafka.address, variable: 'KAFKA' } })).toThrow(
    'kafka names KAFKA, which is not in its env',
  )
})
