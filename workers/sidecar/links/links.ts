import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { type BrokerSettings, endpointsOf } from '#contracts/brokers/broker-settings.ts'
import { effects } from '#contracts/effects/effect-list.ts'
import type { EffectUrls } from '#contracts/effects/effect-settings.ts'
import type { HostPort } from '#contracts/host-port.ts'

/** One address that a worker may connect to. A cluster is one link with several addresses, which all have its id. */
export interface Link {
  /** `consumer-db->broker`. */
  id: string
  /** As the worker's own clients name it. */
  host: string
  port: number
}

/** Ports that HTTP clients assume where a URL names none. */
export const httpPorts = { 'http:': 80, 'https:': 443 }

/** The link of a worker to the broker that it runs on. Throws if its address is not known or cannot be read. */
export function brokerLinks(service: string, broker: BrokerName, settings: BrokerSettings): Link[] {
  return endpointsOf(broker, settings).map((endpoint) => ({
    id: `${service}->broker`,
    ...('url' in endpoint ? addressOf(endpoint.url, httpPorts) : endpoint),
  }))
}

/** The links of a worker to where its effects are made. Throws if an address cannot be read. */
export function effectLinks(service: string, urls: EffectUrls): Link[] {
  return effects.flatMap(({ link, variable, defaultPorts }) => {
    const url = urls[variable]
    return url === undefined ? [] : [{ id: `${service}->${link}`, ...addressOf(url, defaultPorts) }]
  })
}

/** Throws if the URL names no host and port. */
export function addressOf(url: string, defaultPorts: Readonly<Record<string, number>>): HostPort {
  const { hostname, port, protocol, searchParams } = new URL(url)
  // `postgres://…?host=/run/postgresql` is a Unix socket, which no proxy carries.
  const socket = searchParams.get('host')
  if (socket !== null)
    throw new Error(`${protocol}//…?host=${socket}: name the host in the address, not as a parameter`)
  const number = port === '' ? defaultPorts[protocol] : Number(port)
  if (hostname === '' || number === undefined) throw new Error(`${protocol}//${hostname} names no host and port`)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: number }
}
