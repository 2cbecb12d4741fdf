import type { z } from 'zod'
import { type HostPort, hostPortsOf } from '../host-port.ts'
import { brokers } from './broker-list.ts'
import { type BrokerName, brokerOf } from './broker-name.ts'
import type { BrokerAddressing } from './define-broker.ts'

type Every<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

/** Variables that say where brokers are and how to reach them: spread into the environment schema of each process. */
export const brokerEnvironment = Object.assign({}, ...brokers.map(({ env }) => env)) as Every<
  (typeof brokers)[number]['env']
>

/** What `brokerEnvironment` gives once it is read. */
export type BrokerSettings = z.output<z.ZodObject<typeof brokerEnvironment>>

/** Only the brokers' own part of a larger environment. */
export function brokerSettingsOf(env: BrokerSettings): BrokerSettings {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => Object.hasOwn(brokerEnvironment, name)),
  ) as BrokerSettings
}

/** How a broker's address is written, whichever broker it is. */
export const addressingOf = (broker: BrokerName): BrokerAddressing<BrokerSettings> => brokerOf(broker).address

/** The text of the variable that names a broker; undefined if it is not set. */
export function addressTextOf(broker: BrokerName, settings: BrokerSettings): string | undefined {
  const value = Object.entries(settings).find(([name]) => name === addressingOf(broker).variable)?.[1]
  return typeof value === 'string' ? value : undefined
}

/** Where a broker answers: a URL, or the hosts of a cluster, which need not be all of it. */
export type BrokerEndpoint = { url: string } | HostPort

/** Every address that clients of a broker begin with. Throws a sentence if none is named or one cannot be read. */
export function endpointsOf(broker: BrokerName, settings: BrokerSettings): BrokerEndpoint[] {
  const { variable, form, missing, otherwise, defaultPort } = addressingOf(broker)
  const text = addressTextOf(broker, settings)
  const hosts = form === 'cluster' && text !== undefined ? hostPortsOf(variable, text, defaultPort) : []
  if (form === 'url' && text !== undefined) return [{ url: text }]
  if (hosts.length > 0) return hosts
  if (otherwise === undefined) throw new Error(missing)
  return otherwise(settings).map((url) => ({ url }))
}
