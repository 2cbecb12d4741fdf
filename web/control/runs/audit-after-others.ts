import { setTimeout as sleep } from 'node:timers/promises'
import { ApiProblem } from '../problem/problem.ts'

const retryMs = 250

/**
 * The audit at the end of a run. One that somebody else asked for is waited for, for `timeoutMs` at most: it would leave the run
 * without a verdict. Rejects as `run` does.
 */
export async function auditAfterOthers<Report>(
  run: (timeoutMs: number, gone?: AbortSignal) => Promise<Report>,
  timeoutMs: number,
  gone: AbortSignal,
): Promise<Report> {
  for (const deadline = Date.now() + timeoutMs; ; ) {
    try {
      return await run(timeoutMs, gone)
    } catch (error) {
      const isOthers = error instanceof ApiProblem && error.code === 'audit_running'
      if (!isOthers || gone.aborted || Date.now() > deadline) throw error
      await sleep(retryMs, undefined, { signal: gone }).catch(() => undefined)
    }
  }
}
