import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditReport } from '#contracts/api/audit.ts'
import { ApiProblem } from '../problem/problem.ts'

const retryMs = 250

/**
 * The audit at the end of a run. One that somebody else asked for is waited for, for `timeoutMs` at most: it would leave the run
 * without a verdict. Rejects as `run` does.
 */
export async function auditAfterOthers(
  run: (timeoutMs: number, gone?: AbortSignal) => Promise<AuditReport>,
  timeoutMs: number,
  gone: AbortSignal,
): Promise<AuditReport> {
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
