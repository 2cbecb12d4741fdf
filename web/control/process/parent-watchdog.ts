import { fstatSync } from 'node:fs'

/**
 * Calls `stop` once: on SIGTERM or SIGINT, and where standard input is the supervisor's pipe, at its end, which means that
 * the supervisor is gone. A terminal is a person's and not a parent watchdog; neither is `/dev/null`, as containers have it.
 */
export function onProcessEnd(stop: (reason: string) => void): void {
  let called = false
  const once = (reason: string) => (): void => {
    if (called) return
    called = true
    stop(reason)
  }
  // The supervisor read what is written here. If it is gone, a line that nobody reads must not end in an error that is written, too.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  process.once('SIGTERM', once('SIGTERM'))
  process.once('SIGINT', once('SIGINT'))
  const input = fstatSync(0)
  if (!input.isFIFO() && !input.isSocket()) return
  process.stdin.once('end', once('the supervisor is gone'))
  process.stdin.once('error', once('the supervisor is gone'))
  process.stdin.resume()
}
