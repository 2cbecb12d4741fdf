/** The head of a request that needs none of HTTP's finer points. Its method is POST. */
export interface PlainHead {
  /** Path and query, as they came. */
  url: string
  /** By name in lower case. */
  headers: Record<string, string>
  bodyBytes: number
}

/** Longer heads are not plain. */
export const maximumHeadBytes = 8_192

const shape = /^POST (\/[!-~]*) HTTP\/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+$/
const plainLength = /^\d{1,7}$/

/** What says that more is asked for than one answer to one body of a known length. */
const finer = ['transfer-encoding', 'expect', 'upgrade', 'proxy-connection', 'trailer', 'te'] as const

/**
 * Reads a head, up to and with the end of its last header line. Undefined where anything about it is unusual: another method or version, a
 * header twice, a body without a length or in chunks, characters beyond ASCII, a wish about the connection. Such a request is for a whole
 * HTTP server to judge: nothing is refused here.
 */
export function plainHead(text: string): PlainHead | undefined {
  const url = shape.exec(text)?.[1]
  if (url === undefined) return undefined
  const headers: Record<string, string> = {}
  let start = text.indexOf('\n') + 1
  while (start < text.length) {
    const colon = text.indexOf(':', start)
    const end = text.indexOf('\r', colon)
    const name = text.slice(start, colon).toLowerCase()
    if (headers[name] !== undefined) return undefined
    headers[name] = text.slice(colon + 1, end).trim()
    start = end + 2
  }
  const { host, connection, 'content-length': length } = headers
  if (host === undefined || length === undefined || !plainLength.test(length)) return undefined
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined
  if (finer.some((name) => headers[name] !== undefined)) return undefined
  return { url, headers, bodyBytes: Number(length) }
}
