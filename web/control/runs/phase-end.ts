import type { PhaseFile } from '#contracts/scenario/scenario-file.ts'

/** How a phase ended. `detail`: what it waited for has not come. */
export interface PhaseEnd {
  detail?: string
}

const missed = { drained: 'not drained in time', observed: 'what it waits for was not seen in time' } as const

/**
 * Whether a phase ends now, `into` milliseconds after its begin; undefined: it goes on. It waits for what it names in `until` once its
 * duration is over, and for `timeoutMs` at most.
 */
export function phaseEnd(
  { duration = 0, until }: Pick<PhaseFile, 'duration' | 'until'>,
  { into, timeoutMs, isReached }: { into: number; timeoutMs: number; isReached: () => boolean },
): PhaseEnd | undefined {
  if (into < duration) return undefined
  if (until === undefined || isReached()) return {}
  return into >= duration + timeoutMs ? { detail: missed[until] } : undefined
}
