import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { TopologyDeclaration } from '#contracts/lab.ts'

/** Faults that may keep what a producer sent back from the broker: on its link, or of the broker itself. What is cut is gone. */
export function faultsThatHold(
  faults: readonly Fault[],
  { producers }: Pick<TopologyDeclaration, 'producers'>,
): { id: string; type: string }[] {
  return faults.flatMap(({ id, type, state, target }) => {
    const stands = state === 'injecting' || state === 'active' || state === 'healing'
    const concerns = target.broker !== undefined || producers.some(({ name }) => target.link?.startsWith(`${name}->`))
    return stands && concerns && definitionOf(type)?.explains?.holdsPublishes === true ? [{ id, type }] : []
  })
}
