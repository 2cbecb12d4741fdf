import type { Logger } from 'pino'
import type { AuditReport } from '#contracts/api/audit.ts'

/** Between two tries, in milliseconds: an audit reads every effect. */
const tryEveryMs = 60_000
/** Nothing may have been reported for so long before a try, in milliseconds. */
const quietMs = 5_000
/** How long a try waits for a drained lab, in milliseconds. */
const auditMs = 3_000

export interface ReconcileSources {
  /** Whether telemetry has a gap that no audit has made up for. */
  hasGap(): boolean
  /** Changes with everything that telemetry reports of a message. */
  activity(): string
  audit(timeoutMs: number): Promise<AuditReport>
  log: Logger
  now(): number
}

/**
 * Reconciles the books by itself after telemetry was lost, as it is where a sidecar is killed: what is overdue only because nobody can
 * tell of it any more is settled by what broker and effect store say. WHOLE (telemetry has no gap) → GAP → QUIET (nothing was reported for
 * five seconds) → AUDITING → WHOLE, or GAP for another minute where the audit could not account for everything. An audit that settled
 * something is followed by one more, which finds the witnesses agreed.
 */
export function createReconciler({ hasGap, activity, audit, log, now }: ReconcileSources): {
  /** To be called once a second. */
  tick(): void
  /** Resolves when none of its audits runs. */
  idle(): Promise<void>
} {
  let seen: { activity: string; since: number } | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  async function reconcile(): Promise<void> {
    const first = await audit(auditMs)
    const { delivered, deadLettered } = first.resolved
    if (delivered + deadLettered === 0) return
    log.info(
      `telemetry had a gap: ${delivered} obligations were delivered and ${deadLettered} dead-lettered, by the other witnesses`,
    )
    await audit(auditMs)
  }

  return {
    tick() {
      if (running) return
      if (!hasGap()) {
        seen = undefined
        return
      }
      const current = activity()
      if (seen?.activity !== current) seen = { activity: current, since: now() }
      if (now() - seen.since < quietMs || now() - triedAt < tryEveryMs) return
      triedAt = now()
      running = reconcile()
        .catch((error: unknown) =>
          log.warn({ err: error }, 'the books could not be reconciled; tries again in a minute'),
        )
        .finally(() => {
          running = undefined
        })
    },
    idle: () => running ?? Promise.resolve(),
  }
}
