import type { PublishBody } from './publish-text.ts'
import { jsonForShell } from './shell-json.ts'

/** The request as a command for a POSIX shell, exact: pasted, it publishes the same event. `origin` as in `http://localhost:3000`. */
export const curlOf = (body: PublishBody, origin: string): string => curlTo('/event', body, origin)

/** The same for any path that takes a POST. */
export function curlTo(path: string, body: object, origin: string): string {
  const url = /^[\w.:/[\]-]+$/.test(origin) ? `${origin}${path}` : shellQuote(`${origin}${path}`)
  return [
    `curl -sS ${url.replace(/^http:\/\//, '')}`,
    "-H 'content-type: application/json'",
    `-d ${shellQuote(jsonForShell(body, 4))}`,
  ].join(' \\\n  ')
}

/** One word for a POSIX shell: within single quotes nothing is special but the single quote itself. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
