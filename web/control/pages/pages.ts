import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import next from 'next'
import type { Logger } from 'pino'
import type { AccessToken } from '../access/access-token.ts'
import { answerPlain, enter } from './page-entrance.ts'
import { withPagePolicy } from './page-policy.ts'

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** WebSockets of the development server; absent outside development. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>
  close(): Promise<void>
}

/**
 * The Next pages as one handler. PREPARING → READY. While preparing, and for ever if nothing was built, pages answer 503
 * with a sentence; the API does not wait for them.
 */
export function openPages(options: { dir: string; development: boolean; token: AccessToken; log: Logger }): Pages {
  const { dir, development, token, log } = options
  if (!development && !existsSync(join(dir, '.next', 'BUILD_ID'))) {
    log.warn(`there are no built pages in ${dir}/.next; the API runs without them. "npm start" builds them`)
    return {
      handle: async (_request, response) =>
        answerPlain(response, 503, 'The pages of Faultline are not built. Run "npm start", which builds them.'),
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
      if (!ready)
        return answerPlain(response, 503, 'The pages of Faultline could not be prepared; the log of web says why.')
      if (!development) {
        if (request.headers.accept?.includes('text/html')) wantWhole(request)
        withPagePolicy(response)
      }
      await handler(request, response).catch((error: unknown) => {
        log.error({ err: error, url: request.url }, 'a page failed')
        if (response.headersSent) response.destroy()
        else answerPlain(response, 500, 'The page failed; the log of web says why.')
      })
    },
    ...(development ? { upgrade: async (...upgrade) => app.getUpgradeHandler()(...upgrade) } : {}),
    async close() {
      await prepared
      await app.close()
    },
  }
}

/** The policy reads the page that it guards: the page must come whole and uncompressed. Assets are compressed and cached. */
function wantWhole({ headers }: IncomingMessage): void {
  delete headers['accept-encoding']
  delete headers['if-none-match']
  delete headers['if-modified-since']
}
