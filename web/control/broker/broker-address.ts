import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { addressingOf, addressTextOf, type BrokerSettings } from '#contracts/brokers/broker-settings.ts'
import { hostPortsOf } from '#contracts/host-port.ts'
import type { BrokerAddress } from './available-brokers.ts'

/** Where a broker answers, as the environment says. */
export function brokerAddress(settings: BrokerSettings, name: BrokerName): BrokerAddress {
  const { variable, form, defaultPort } = addressingOf(name)
  const text = addressTextOf(name, settings)
  if (text === undefined) return undefined
  return form === 'url' ? { url: text } : { hosts: hostPortsOf(variable, text, defaultPort) }
}

/** The URL at which a broker answers HTTP; undefined if it has none. */
export function brokerUrlOf(settings: BrokerSettings, name: BrokerName): string | undefined {
  const address = brokerAddress(settings, name)
  return address !== undefined && 'url' in address ? address.url : undefined
}
