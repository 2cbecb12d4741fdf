import type { PhaseFile } from '#contracts/scenario/scenario-file.ts'

/** How a phase ended. `detail`: what it waited for has not come. */
export interface PhaseEnd {
  detail?: string
}

type Waiting = Pick<PhaseFile, 'duration' | 'until'>

const missed = { drained: 'not drained in time', observed: 'what it waits for was not seen in time' } as const

/** Whether this is the last moment, `into` milliseconds after its begin, at which a phase may see what it waits for. */
export const isPhaseOverdue = (
  { duration = 0, until }: Waiting,
  { into, timeoutMs }: { into: number; timeoutMs: number },
): boolean => until !== undefined && into >= duration + timeoutMs

/**
 * Whether a phase ends now, `into` milliseconds after its begin; undefined: it goes on. It waits for what it names in `until` once its
 * duration is over, and for `timeoutMs` at most.
 */
export function phaseEnd(
  phase: Waiting,
  { into, timeoutMs, isReached }: { into: number; timeoutMs: number; isReached: () => boolean },
): PhaseEnd | undefined {
  const { duration = 0, until } = phase
  if (into < duration) return undefined
  if (until === undefined || isReached()) return {}
  return isPhaseOverdue(phase, { into, timeoutMs }) ? { detail: missed[until] } : undefined
}
