import { brokers } from '#contracts/brokers/broker-list.ts'
import { effects } from '#contracts/effects/effect-list.ts'
import type { ProxiedAddress } from '../env.ts'

/** Variables that hold the address of a broker or of the place of an effect. */
const addressVariables = [...brokers.map(({ address }) => address.variable), ...effects.map(({ variable }) => variable)]
/** What a port is where an address names none, by scheme; a broker of a cluster has no scheme. */
const defaultPorts: Record<string, number | undefined> = Object.assign(
  { 'http:': 80, 'https:': 443, '': 9092 },
  ...effects.map((effect) => effect.defaultPorts),
)
const loopback = new Set(['', 'localhost', '127.0.0.1', '::1'])

/**
 * The addresses of broker, database and mailbox, by the variables that name them, as a program is given them: those of the sidecar's
 * proxies, so that faults on a link reach a program in any language. One that no link carries is undefined: the program gets none.
 */
export function addressesThrough(
  proxied: readonly ProxiedAddress[],
  env: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(addressVariables.map((name) => [name, throughProxies(env[name] ?? '', proxied)]))
}

const address = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?([^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(.*)$/is

/** One address as a URL, or several `host:port` with commas between; undefined if a link carries none of them. */
function throughProxies(text: string, proxied: readonly ProxiedAddress[]): string | undefined {
  const parts = text.includes('://') ? [text] : text.split(',')
  const through = parts.flatMap((part) => {
    const [, scheme = '', account = '', host = '', port, rest = ''] = address.exec(part.trim()) ?? []
    const number = port === undefined ? defaultPorts[scheme.toLowerCase()] : Number(port)
    const proxy = proxied.find((one) => one.port === number && isSame(one.host, host))
    return proxy ? [`${scheme === '' ? '' : `${scheme}//`}${account}127.0.0.1:${proxy.proxyPort}${rest}`] : []
  })
  return through.length === 0 ? undefined : through.join(',')
}

function isSame(one: string, other: string): boolean {
  const [a = '', b = ''] = [one, other].map((host) => host.toLowerCase().replace(/^\[(.*)\]$/, '$1'))
  return a === b || (loopback.has(a) && loopback.has(b))
}
