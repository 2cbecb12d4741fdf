import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessToken } from '../access/access-token.ts'

/**
 * Turns `/?token=…` into a cookie and a clean address, and keeps strangers out. True if the request is answered.
 * Built assets are the same in every lab and need no token.
 */
export function enter(request: IncomingMessage, response: ServerResponse, token: AccessToken): boolean {
  const address = `http://page${request.url ?? '/'}`
  if (!URL.canParse(address)) {
    answerPlain(response, 400, 'The address is not valid.')
    return true
  }
  const url = new URL(address)
  const given = url.searchParams.get('token')
  const cookie = given === null ? undefined : token.cookieFor(given)
  if (cookie !== undefined) {
    url.searchParams.delete('token')
    // Two slashes at the beginning would name another server.
    const location = url.pathname.replace(/^\/+/, '/') + url.search
    response.writeHead(303, { location, 'set-cookie': cookie, 'cache-control': 'no-store' }).end()
    return true
  }
  if (token.admits(request.headers) || url.pathname.startsWith('/_next/')) return false
  answerPlain(response, 401, 'This lab has a token. Open /?token=<FAULTLINE_TOKEN> once in this browser.')
  return true
}

/** One sentence instead of a page. */
export function answerPlain(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`)
}
