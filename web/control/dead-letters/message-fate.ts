import type { Journey } from '#contracts/api/journey.ts'
import type { Fate } from './redrive-run.ts'

/** What became of a message in a group; one whose journey is no longer kept was settled. */
export function fateOf(journey: Journey | 'dropped' | undefined, group: string): Fate {
  if (journey === 'dropped' || journey === undefined) return 'delivered'
  const state = journey.obligations.find((one) => one.group === group)?.state
  if (state === 'dead_lettered' || state === 'lost') return 'dead_lettered'
  return state === 'delivered' ? 'delivered' : 'open'
}
