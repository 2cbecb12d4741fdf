import type { IncomingMessage } from 'node:http'

/** Bytes of a refused body that are read, so that its sender reaches the answer. */
const mostBytes = 32 * 1024 * 1024
/** How long a refused body may take, in milliseconds. */
const longestMs = 5_000

/**
 * Reads the rest of a body that nobody wants, up to a bound. A connection that is closed while its client still writes is reset,
 * and the client sees a broken pipe instead of the answer. Never rejects.
 */
export function readOff(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let bytes = 0
    const late = setTimeout(done, longestMs)
    function done(): void {
      clearTimeout(late)
      request.off('data', count)
      resolve()
    }
    function count(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes > mostBytes) done()
    }
    request.on('data', count)
    for (const event of ['end', 'close', 'error']) request.once(event, done)
    request.resume()
  })
}
