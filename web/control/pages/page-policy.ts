import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/**
 * Gives every HTML page a Content-Security-Policy that names its own inline scripts by hash, so that a script that something
 * on the page inserts later does not run. Next writes inline scripts into each page and serves most pages as built, where a
 * nonce cannot be; so the page is held back until it is complete and its scripts are hashed. `unsafe-eval` stays: the
 * publish form compiles JSON Schemas in the browser. Styles may be inline: React Flow places nodes by style attributes.
 */
export function withPagePolicy(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('content-security-policy', policy([]))

  const chunks: Buffer[] = []
  const end = response.end.bind(response)
  const write = response.write.bind(response)
  const isHtml = (): boolean => String(response.getHeader('content-type') ?? '').startsWith('text/html')
  const bytes = (chunk: unknown, encoding: unknown): Buffer =>
    typeof chunk === 'string'
      ? Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8')
      : Buffer.from(chunk as Uint8Array)
  const callbackOf = (rest: unknown[]): (() => void) | undefined =>
    rest.find((argument): argument is () => void => typeof argument === 'function')

  const holdHeaders = response.writeHead.bind(response)
  let heldStatus: unknown[] | undefined
  response.writeHead = ((...head: unknown[]) => {
    for (const [name, value] of headersIn(head)) response.setHeader(name, value)
    if (!isHtml()) return Reflect.apply(holdHeaders, response, [head[0]])
    heldStatus = [head[0]]
    return response
  }) as typeof response.writeHead
  response.flushHeaders = () => undefined
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    if (!isHtml()) return Reflect.apply(write, response, [chunk, ...rest])
    chunks.push(bytes(chunk, rest[0]))
    callbackOf(rest)?.()
    return true
  }) as typeof response.write
  response.end = ((...rest: unknown[]) => {
    if (!isHtml()) return Reflect.apply(end, response, rest)
    if (rest[0] !== undefined && rest[0] !== null && typeof rest[0] !== 'function') chunks.push(bytes(rest[0], rest[1]))
    const page = Buffer.concat(chunks)
    if (!response.headersSent) {
      response.setHeader('content-security-policy', policy(inlineScripts(page.toString('utf8'))))
      if (response.req.method !== 'HEAD') response.setHeader('content-length', page.length)
      if (heldStatus) Reflect.apply(holdHeaders, response, heldStatus)
    }
    return end(page, callbackOf(rest))
  }) as typeof response.end
}

function headersIn(head: unknown[]): [string, string | string[]][] {
  const given = head.find(
    (argument): argument is Record<string, string | string[]> => typeof argument === 'object' && argument !== null,
  )
  return given && !Array.isArray(given) ? Object.entries(given) : []
}

/** Texts of the inline scripts of a page, as the browser hashes them. */
export const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)]
    .filter(([, attributes = '']) => !/\ssrc\s*=/i.test(attributes))
    .map(([, , text = '']) => text)

function policy(scripts: readonly string[]): string {
  const hashes = new Set(scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`))
  return [
    "default-src 'self'",
    ["script-src 'self' 'unsafe-eval'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
