/**
 * Calls `end` once, when this process is asked to stop: by SIGTERM, or by the end of standard input, which the
 * supervisor holds open for as long as it lives. Ctrl-C reaches the supervisor, which stops its children in order, so
 * SIGINT and SIGHUP from a terminal are left to it.
 */
export function onParentEnd(end: () => Promise<void>): void {
  let ending = false
  const once = () => {
    if (ending) return
    ending = true
    end().catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      process.exit(1)
    })
  }
  process.on('SIGTERM', once)
  process.on('SIGINT', () => undefined)
  process.on('SIGHUP', () => undefined)
  process.stdin.on('error', once).on('end', once).on('close', once).resume()
  // Its reader may be gone before this process is: a line that nobody reads is no reason to fail.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}
