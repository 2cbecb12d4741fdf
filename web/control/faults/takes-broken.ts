import type { FaultInput } from '#contracts/faults/fault.ts'
import { checkFault } from './check-fault.ts'
import type { FaultTargets } from './fault-targets.ts'
import type { FaultsOptions } from './faults-options.ts'

/**
 * Whether the schema of the target's type takes the body that the fault would make of the example, which would break nothing. Throws
 * what `checkFault` throws.
 */
export async function takesBroken(
  input: FaultInput,
  targets: FaultTargets,
  accepts: FaultsOptions['accepts'],
  now: number,
): Promise<boolean> {
  const asked: [eventType: string, data: unknown][] = []
  checkFault(input, {
    ...{ targets, now, drawSeed: () => 0 },
    accepts: (...body) => {
      asked.push(body)
      return false
    },
  })
  const answers = await Promise.all(asked.map((body) => accepts(...body)))
  return answers.includes(true)
}
