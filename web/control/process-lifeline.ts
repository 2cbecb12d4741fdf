/**
 * Calls `stop` once: on SIGTERM or SIGINT, and where standard input ends, which means that the supervisor is gone. A
 * terminal as standard input is a person's and no lifeline.
 */
export function onProcessEnd(stop: (reason: string) => void): void {
  let called = false
  const once = (reason: string) => (): void => {
    if (called) return
    called = true
    stop(reason)
  }
  process.once('SIGTERM', once('SIGTERM'))
  process.once('SIGINT', once('SIGINT'))
  if (process.stdin.isTTY) return
  process.stdin.once('end', once('the supervisor is gone'))
  process.stdin.once('error', once('the supervisor is gone'))
  process.stdin.resume()
}
