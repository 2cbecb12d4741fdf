import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { ErrorCode } from '#contracts/errors.ts'
import { isLoopback } from '#contracts/host-port.ts'

export interface Refusal {
  code: ErrorCode
  detail: string
}

export interface RequestGuard {
  /** Undefined if the request may pass. `write`: it can change something. */
  check(headers: IncomingHttpHeaders, write: boolean): Refusal | undefined
}

/**
 * Keeps other web sites away from a port that a browser on this machine can reach.
 *
 * - Host must be on the allow-list, against DNS rebinding: a rebound name is the attacker's, so it is not on it.
 *   Where `host` is not loopback, addresses pass too: an address cannot be rebound.
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
    check(headers, write) {
      const host = headers.host ?? ''
      if (!hostPasses(host)) {
        return {
          code: 'foreign_host',
          detail: `"${clip(host)}" is not a name of this server; use localhost, or add the name to FAULTLINE_ALLOWED_HOSTS`,
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

/** `host:port` of an Origin as a Host header spells it; undefined for `null` and nonsense. */
function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
