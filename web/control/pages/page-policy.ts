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
  const writeHead = response.writeHead.bind(response)
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  let complete = false
  const holds = (): boolean => !complete && String(response.getHeader('content-type') ?? '').startsWith('text/html')

  response.writeHead = ((...head: unknown[]) => {
    for (const [name, value] of headersIn(head)) response.setHeader(name, value)
    response.statusCode = Number(head[0])
    return holds() ? response : writeHead(response.statusCode)
  }) as typeof response.writeHead
  response.flushHeaders = () => {
    if (!holds() && !response.headersSent) writeHead(response.statusCode)
  }
  response.write = ((...rest: unknown[]) => {
    if (!holds()) return Reflect.apply(write, response, rest)
    chunks.push(bytes(rest[0], rest[1]))
    callbackIn(rest)?.()
    return true
  }) as typeof response.write
  response.end = ((...rest: unknown[]) => {
    if (!holds()) return Reflect.apply(end, response, rest)
    if (rest[0] !== undefined && rest[0] !== null && typeof rest[0] !== 'function') chunks.push(bytes(rest[0], rest[1]))
    const page = Buffer.concat(chunks)
    response.setHeader('content-security-policy', policy(inlineScripts(page.toString('utf8'))))
    // A page and its policy belong together: none may be kept without the other.
    response.setHeader('cache-control', 'no-store')
    if (response.req.method !== 'HEAD' && !response.hasHeader('content-encoding')) {
      response.setHeader('content-length', page.length)
    }
    complete = true
    return end(page, callbackIn(rest))
  }) as typeof response.end
}

function bytes(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk !== 'string') return Buffer.from(chunk as Uint8Array)
  return Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8')
}

const callbackIn = (rest: unknown[]): (() => void) | undefined =>
  rest.find((argument): argument is () => void => typeof argument === 'function')

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
