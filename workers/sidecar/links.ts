import { labTopology } from '#contracts/lab-topology.ts'
import type { TopologyDeclaration } from '#contracts/topology.ts'

/** One address that a worker may connect to. */
export interface Link {
  /** `consumer-db->broker`. */
  id: string
  /** As the worker's own clients name it. */
  host: string
  port: number
}

export interface LinkUrls {
  awsEndpointUrl?: string | undefined
  databaseUrl?: string | undefined
  smtpUrl?: string | undefined
}

/** Ports that the clients assume where a URL names none. */
const defaultPorts: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
  'smtp:': 587,
  'smtps:': 465,
}

/**
 * The addresses that a worker needs: every worker the broker, a consumer of rows the database, a consumer of mails the
 * mailbox. One whose effect is not declared may use all that the environment names. Only these are given to it.
 */
export function neededUrls(service: string, urls: LinkUrls, topology: TopologyDeclaration = labTopology): LinkUrls {
  const { awsEndpointUrl, databaseUrl, smtpUrl } = urls
  if (topology.producers.some(({ name }) => name === service)) return { awsEndpointUrl }
  const effect = topology.consumers.find(({ name }) => name === service)?.effect?.kind
  if (effect === 'row') return { awsEndpointUrl, databaseUrl }
  if (effect === 'email') return { awsEndpointUrl, smtpUrl }
  return urls
}

/** The links of a worker. Throws where an address cannot be read. */
export function linksOf(service: string, urls: LinkUrls): Link[] {
  const named = [
    ['broker', urls.awsEndpointUrl],
    ['database', urls.databaseUrl],
    ['smtp', urls.smtpUrl],
  ] as const
  return named.flatMap(([target, url]) =>
    url === undefined ? [] : [{ id: `${service}->${target}`, ...addressOf(url) }],
  )
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol, searchParams } = new URL(url)
  // `postgres://…?host=/run/postgresql` is a Unix socket, which no proxy carries.
  const socket = searchParams.get('host')
  if (socket !== null)
    throw new Error(`${protocol}//…?host=${socket}: name the host in the address, not as a parameter`)
  const number = port === '' ? defaultPorts[protocol] : Number(port)
  if (hostname === '' || number === undefined) throw new Error(`${protocol}//${hostname} names no host and port`)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: number }
}
