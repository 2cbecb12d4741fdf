import type { Settlement } from '#workers/broker/broker.ts'
import { type Defect, type DefectiveBroker, defectIdsOf, type HarmLog, oneIn } from '../defect.ts'

/** Messages after a rebalance of which some are dropped. */
const spell = 9
const dropped: Settlement = { kind: 'ack' }

/** A buffer that is thrown away at a rebalance while its place was remembered: one in three of what follows is skipped. */
export function dropOnRebalance(log: HarmLog): Defect {
  let left = 0
  const isChosen = oneIn(3)
  const isDropped = (): boolean => {
    if (left === 0) return false
    left -= 1
    return isChosen()
  }
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    subscribe: (group, handle, options = {}) =>
      given.subscribe(
        group,
        async (deliveries) => {
          const isVictim = deliveries.map(isDropped)
          log.harmed(...defectIdsOf(deliveries.filter((_, index) => isVictim[index])))
          const kept = deliveries.filter((_, index) => !isVictim[index])
          const said = (kept.length > 0 ? await handle(kept) : []).values()
          return deliveries.map((_, index) => (isVictim[index] ? dropped : (said.next().value ?? { kind: 'release' })))
        },
        {
          ...options,
          onAssigned(assignment) {
            if (assignment.reason === 'rebalanced') left = spell
            options.onAssigned?.(assignment)
          },
        },
      ),
  })
  return { broker }
}
