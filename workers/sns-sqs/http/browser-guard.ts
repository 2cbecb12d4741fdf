import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/**
 * The port has no authentication, so no web page may drive it. Returns why a request is refused, undefined if it
 * is not: browsers send `Origin` or `Sec-Fetch-Site` with what a page asks for, SDKs never do; and a Host that is a
 * public name means that a page had its own name resolve to this machine (DNS rebinding).
 */
export function refusalOf(headers: IncomingHttpHeaders): string | undefined {
  const { origin, host = '' } = headers
  if (origin !== undefined && origin !== `http://${host}`) return `requests from the web page ${origin} are refused`
  if (headers['sec-fetch-site'] === 'cross-site') return 'requests from other web sites are refused'
  if (!isLocalName(host)) return `the Host ${host} is not a local one: use localhost, an address or a name without dots`
  return undefined
}

let lastAllowed = ''

/** An address, `localhost`, a name without dots as containers have, one under `.localhost` or `.internal`, or the public name of this machine that local endpoints use. */
function isLocalName(host: string): boolean {
  if (host === lastAllowed) return true
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  const local =
    isIP(name) !== 0 ||
    /^[a-z0-9_-]+$/i.test(name) ||
    /\.(localhost|internal)$|(^|\.)localhost\.localstack\.cloud$/i.test(name)
  if (local) lastAllowed = host
  return local
}
