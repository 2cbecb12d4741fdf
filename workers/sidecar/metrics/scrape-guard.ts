import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

export interface ScrapeGuard {
  /** Undefined if the request may pass; else the status and a sentence for the answer. */
  refusal(headers: IncomingHttpHeaders): { status: 401 | 403; detail: string } | undefined
}

/**
 * The rules of the control plane's API for a port that only answers: the Host must be a name of this machine or service, or an
 * address where the listener is not on loopback, so that no web page reaches it over a name of its own; and the token is
 * needed where one is set.
 */
export function createScrapeGuard(options: {
  names: readonly string[]
  /** Whether other machines can reach the port. */
  isOpen: boolean
  token: string | undefined
}): ScrapeGuard {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', ...options.names.map((name) => name.toLowerCase())])
  const { token } = options

  function hostPasses(host: string): boolean {
    const name = host.replace(/:\d+$/, '').toLowerCase()
    return names.has(name) || (options.isOpen && isIP(name.replace(/^\[|\]$/g, '')) !== 0)
  }

  return {
    refusal({ host = '', authorization = '' }) {
      if (!hostPasses(host)) {
        return {
          status: 403,
          detail: `"${host.slice(0, 200)}" is not a name of this sidecar; add it to FAULTLINE_ALLOWED_HOSTS`,
        }
      }
      if (token === undefined) return undefined
      const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
      if (given !== undefined && isSame(given, token)) return undefined
      return { status: 401, detail: 'send the header "Authorization: Bearer <FAULTLINE_TOKEN>"' }
    },
  }
}

/** Hashes first: the time reveals nothing of the secret. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
