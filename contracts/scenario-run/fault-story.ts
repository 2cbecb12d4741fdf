import type { RunFault } from '../api/run.ts'

const at = (ms: number): string => `${(ms / 1_000).toFixed(1)}s`

/** What a fault is aimed at, for a person. */
export const faultTargetWords = ({ target }: RunFault): string =>
  target === undefined ? 'broker' : Object.values(target).join(' ')

/** What became of a fault, for a person. */
export function faultStory({ state, observedAt, healedAt, hits, reason }: RunFault): string {
  if (state === 'planned') return 'not injected yet'
  const seen = observedAt === undefined ? 'not seen to take effect' : `took effect at ${at(observedAt)}`
  const end = healedAt === undefined ? state : `healed at ${at(healedAt)}`
  return [seen, end, ...(hits > 1 ? [`${hits} hits`] : []), ...(reason === undefined ? [] : [reason])].join(', ')
}
