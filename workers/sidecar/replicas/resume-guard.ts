import { spawn } from 'node:child_process'

/** Outlives this process, to wake a stopped worker that could not notice the end of its sidecar. */
export interface ResumeGuard {
  /** It is not needed any more. */
  dismiss(): void
}

/**
 * Starts a shell that waits at a pipe of this process. Where the pipe ends without a word, this process is dead, and
 * the shell continues the worker, which then sees the end of its own parent watchdog and stops. Resolves when the shell waits.
 */
export async function startResumeGuard(pid: number): Promise<ResumeGuard> {
  const script = 'echo; read -r word || kill -CONT "$0"'
  const guard = spawn('/bin/sh', ['-c', script, String(pid)], {
    // In a group of its own: what ends this process's group must not end the guard.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
  })
  guard.stdin.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    guard.once('error', reject)
    guard.stdout.once('data', () => resolve())
  })
  guard.unref()
  return { dismiss: () => guard.stdin.end('dismissed\n') }
}
