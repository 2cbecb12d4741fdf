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
  }
}
