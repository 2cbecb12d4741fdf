import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import next from 'next'
import type { Logger } from 'pino'
import type { AccessToken } from '../api/access-token.ts'
import { withPagePolicy } from './page-policy.ts'

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** WebSockets of the development server; absent outside development. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>
  close(): Promise<void>
}

/**
 * The Next pages as one handler. PREPARING → READY. While preparing, and for ever where nothing was built, pages answer 503
 * with a sentence; the API does not wait for them.
 */
export function openPages(options: { dir: string; development: boolean; token: AccessToken; log: Logger }): Pages {
  const { dir, development, token, log } = options
  if (!development && !existsSync(join(dir, '.next', 'BUILD_ID'))) {
    log.warn(`there are no built pages in ${dir}/.next; the API runs without them. "npm start" builds them`)
    return {
      handle: async (_request, response) =>
        plain(response, 503, 'The pages of Faultline are not built. Run "npm start", which builds them.'),
      close: async () => undefined,
    }
  }
  const app = next({ dev: development, dir, customServer: true })
  let ready = false
  const prepared = app.prepare().then(
    () => {
      ready = true
    },
    (error: unknown) => log.error({ err: error }, 'the pages could not be prepared; the API runs without them'),
  )
  const handler = app.getRequestHandler()

  return {
    async handle(request, response) {
      if (enter(request, response, token)) return
      if (!ready) await prepared
      if (!ready) return plain(response, 503, 'The pages of Faultline could not be prepared; the log of web says why.')
      if (!development) {
        if (request.headers.accept?.includes('text/html')) wantWhole(request)
        withPagePolicy(response)
      }
      await handler(request, response)
    },
    ...(development ? { upgrade: async (...upgrade) => app.getUpgradeHandler()(...upgrade) } : {}),
    async close() {
      await prepared
      await app.close()
    },
  }
}

/**
 * Turns `/?token=…` into a cookie and a clean address, and keeps strangers out. True where the request is answered.
 * Built assets are the same in every lab and need no token.
 */
function enter(request: IncomingMessage, response: ServerResponse, token: AccessToken): boolean {
  const url = new URL(request.url ?? '/', 'http://page')
  const given = url.searchParams.get('token')
  const cookie = given === null ? undefined : token.cookieFor(given)
  if (cookie !== undefined) {
    url.searchParams.delete('token')
    response
      .writeHead(303, { location: url.pathname + url.search, 'set-cookie': cookie, 'cache-control': 'no-store' })
      .end()
    return true
  }
  if (token.admits(request.headers) || url.pathname.startsWith('/_next/')) return false
  plain(response, 401, 'This lab has a token. Open /?token=<FAULTLINE_TOKEN> once in this browser.')
  return true
}

/** The policy reads the page that it guards: the page must come whole and uncompressed. Assets are compressed and cached. */
function wantWhole({ headers }: IncomingMessage): void {
  delete headers['accept-encoding']
  delete headers['if-none-match']
  delete headers['if-modified-since']
}

function plain(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`)
}
