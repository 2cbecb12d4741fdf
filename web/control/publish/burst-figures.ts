import type { Burst, BurstInput } from '#contracts/api/burst.ts'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'

/** Messages asked for. */
export const requestedBy = (input: BurstInput): number =>
  input.count ?? Math.max(1, Math.round(((input.durationMs ?? 0) / 1_000) * input.ratePerSecond))

/** A burst before its first figures. */
export function newBurst(id: string, input: BurstInput, startedAt: Date): Burst {
  return {
    id,
    type: input.type,
    state: 'running',
    startedAt: startedAt.toISOString(),
    ratePerSecond: input.ratePerSecond,
    requested: requestedBy(input),
    ...(input.count === undefined ? {} : { count: input.count }),
    ...(input.durationMs === undefined ? {} : { durationMs: input.durationMs }),
    ...(input.keys === undefined ? {} : { keys: input.keys }),
    attempted: 0,
    acked: 0,
    failed: 0,
    indeterminate: 0,
    achievedPerSecond: 0,
    ackP50Ms: null,
    ackP99Ms: null,
    keysUsed: 0,
    elapsedMs: 0,
  }
}

/** What the ledger has of a burst. */
export interface LedgerTally {
  attempted: number
  acked: number
  failed: number
}

const few = (sent: number, asked: number): string =>
  `its producer says that it is done, and sent ${sent} of the ${asked} messages that were asked for`

/**
 * A burst whose producer is gone. What it reported last may be older than what it did, so its figures are the ledger's where that has
 * any: what was attempted and never answered is indeterminate.
 */
export function interruptedBurst(burst: Burst, tally: LedgerTally | undefined, at: number): Burst {
  const ended = { ...burst, state: 'interrupted' as const, endedAt: burst.endedAt ?? new Date(at).toISOString() }
  if (!tally || tally.attempted < burst.attempted) {
    return { ...ended, reason: 'its producer ended before it did; figures are as last heard' }
  }
  const { attempted, acked, failed } = tally
  return {
    ...ended,
    ...{ attempted, acked, failed, indeterminate: attempted - acked - failed },
    achievedPerSecond: burst.elapsedMs > 0 ? (acked * 1_000) / burst.elapsedMs : 0,
    reason: `its producer ended before it did; figures are the ledger's, of ${burst.requested} messages that were asked for`,
  }
}

/**
 * The burst with newer figures laid in. Figures are totals: older ones, which a resend can bring, change nothing, and an end is
 * final. An interrupted burst whose producer turns out to live takes its figures again.
 */
export function withProgress(burst: Burst, progress: BurstProgressRecord): Burst {
  const ended = burst.state === 'done' || burst.state === 'stopped'
  if (ended || (progress.state === 'running' && progress.elapsedMs < burst.elapsedMs)) return burst
  const { kind: _kind, at, burstId: _id, ...figures } = progress
  const { reason: _reason, endedAt: _endedAt, ...kept } = burst
  return {
    ...kept,
    ...figures,
    ...(progress.state === 'running' ? {} : { endedAt: new Date(at).toISOString() }),
    ...(progress.state === 'done' && burst.count !== undefined && progress.attempted < burst.count
      ? { reason: few(progress.attempted, burst.count) }
      : {}),
  }
}
