/** Between two looks, in milliseconds. */
const lookEveryMs = 500
/** What npm says it runs where that may be a lab: scripts of package.json, and `npx faultline start`. */
const scripts = new Set(['start', 'sns-sqs', 'faultline', 'npx'])

/**
 * Calls `gone` once when the npm that started this process has ended: npm does not pass a SIGTERM on through its shell, and a SIGKILL
 * nobody can, so that a lab would run on without anybody who knows of it. Does nothing for one that was started without npm.
 */
export function watchNpm(env: NodeJS.ProcessEnv, gone: () => void): void {
  if (!scripts.has(env.npm_lifecycle_event ?? '')) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    gone()
  }, lookEveryMs)
  timer.unref()
}
