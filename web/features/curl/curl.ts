import { jsonForShell } from './shell-json.ts'

/** A POST as a command for a POSIX shell, exact: pasted, it sends the same request. `origin` as in `http://localhost:3000`. */
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
