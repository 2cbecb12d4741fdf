import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Cookie that a browser holds after it opened `/?token=…` once. */
const cookieName = 'faultline_session'

export interface AccessToken {
  /** Whether a request carries the token as bearer or its cookie. Always true if no token is set. */
  admits(headers: IncomingHttpHeaders): boolean
  /** `Set-Cookie` value for a page opened with `?token=`; undefined if the token is wrong or none is set. */
  cookieFor(token: string): string | undefined
}

/**
 * `FAULTLINE_TOKEN`. The cookie holds a value derived from it, not the token, so that a stolen cookie jar does not open the
 * API for scripts under the token's name; it is HttpOnly and SameSite=Strict. Compared in constant time.
 */
export function createAccessToken(token: string | undefined): AccessToken {
  if (token === undefined) return { admits: () => true, cookieFor: () => undefined }
  const session = createHmac('sha256', token).update('faultline session').digest('base64url')
  return {
    admits(headers) {
      const bearer = bearerOf(headers)
      if (bearer !== undefined) return equal(bearer, token)
      const cookie = cookieOf(headers.cookie)
      return cookie !== undefined && equal(cookie, session)
    },
    cookieFor: (given) =>
      equal(given, token) ? `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict` : undefined,
  }
}

/** The token that the header Authorization carries. */
export const bearerOf = ({ authorization }: IncomingHttpHeaders): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]

function cookieOf(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === cookieName) return value
  }
  return undefined
}

/** Hashes first: equal lengths, so that the time reveals nothing of the secret. */
function equal(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}
