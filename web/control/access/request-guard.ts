import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { ErrorCode } from '#contracts/errors.ts'
import { isLoopback } from '#contracts/host-port.ts'

export interface Refusal {
  code: ErrorCode
  detail: string
}

/** What a guard reads of a request. */
export type GuardedRequest = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'url'>

export interface RequestGuard {
  /** Undefined where the request may pass. `write`: it can change something. */
  check(request: GuardedRequest, write: boolean): Refusal | undefined
}

/**
 * Keeps other web sites away from a port that a browser on this machine can reach.
 *
 * - Host must be on the allow-list, against DNS rebinding: a rebound name is the attacker's, so it is not on it.
 *   Where `host` is not loopback, addresses pass too: an address cannot be rebound.
 * - There is one Host, and a target that is a whole address names the same one: a proxy in front could go by the other.
 * - Origin, where the browser sends one, must be this very host and port, also for reads and WebSockets.
 * - Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/) of a write must not come from another origin.
 */
export function createRequestGuard(options: { host: string; allowedHosts: readonly string[] }): RequestGuard {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', hostInUrl(options.host)])
  for (const host of options.allowedHosts) names.add(host.toLowerCase())
  const addressesPass = !isLoopback(options.host)

  const hostPasses = (host: string): boolean => {
    const name = host.replace(/:\d+$/, '').toLowerCase()
    return names.has(name) || names.has(host.toLowerCase()) || (addressesPass && isAddress(name))
  }

  return {
    check({ headers, rawHeaders, url }, write) {
      const host = headers.host ?? ''
      if (rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length > 1) {
        return { code: 'bad_request', detail: 'the request has more than one Host header' }
      }
      if (!hostPasses(host)) {
        return {
          code: 'foreign_host',
          detail: `"${clip(host)}" is not a name of this server; use localhost, or add the name to FAULTLINE_ALLOWED_HOSTS`,
        }
      }
      const target = targetHost(url ?? '')
      if (target !== undefined && target !== hostOf(host)) {
        return {
          code: 'foreign_host',
          detail: `the address of the request is on "${clip(target)}", its Host header is "${clip(host)}"`,
        }
      }
      const { origin } = headers
      if (origin !== undefined && originHost(origin) !== host.toLowerCase()) {
        return { code: 'foreign_origin', detail: `the page at ${clip(origin)} may not call this server` }
      }
      const site = headers['sec-fetch-site']
      if (write && site !== undefined && site !== 'same-origin' && site !== 'none') {
        return { code: 'foreign_origin', detail: `the browser says that the request is ${clip(String(site))}` }
      }
      return undefined
    },
  }
}

const clip = (text: string): string => text.slice(0, 200)
const hostInUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host.toLowerCase())
const isAddress = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, '')) !== 0

/** `host:port` of a target that is a whole address, as in a request to a proxy; undefined for a path. */
const targetHost = (url: string): string | undefined =>
  url.startsWith('/') || url === '*' ? undefined : URL.canParse(url) ? new URL(url).host : url

/** `host:port` of a Host header as an address of HTTP has it, without the port that it has by itself. */
const hostOf = (host: string): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : host)

/** `host:port` of an Origin as a Host header spells it; undefined for `null` and nonsense. */
function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
