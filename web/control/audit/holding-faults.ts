import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'

/** Faults that may keep what a service sent back from the broker: on its link, or of the broker itself. What is cut is gone. */
export function faultsThatHold(
  faults: readonly Fault[],
  { services }: Pick<LabDeclaration, 'services'>,
): { id: string; type: string }[] {
  return faults.flatMap(({ id, type, state, target }) => {
    const isInEffect = state === 'injecting' || state === 'active' || state === 'healing'
    const concerns =
      target.broker !== undefined ||
      services.some(({ name, sends }) => sends.length > 0 && target.link?.startsWith(`${name}->`))
    return isInEffect && concerns && definitionOf(type)?.explains?.holdsPublishes === true ? [{ id, type }] : []
  })
}
