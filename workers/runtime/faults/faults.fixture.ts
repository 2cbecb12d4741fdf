import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { FaultObservedRecord } from '#contracts/protocols/telemetry.ts'
import { createActiveFaults } from './active-faults.ts'

/** A fault as a worker gets it. */
export const held = (type: string, more: Partial<HeldFault> = {}): HeldFault => ({
  ...{ id: `f-${type}`, type, by: 'runtime', percent: 100, params: {}, seed: 1 },
  ...more,
})

/** The faults of a worker in a test, and what it reported of them. */
export function openFaultsOf(...faults: HeldFault[]) {
  const records: FaultObservedRecord[] = []
  const active = createActiveFaults({
    ...{ service: 'consumer-test', instance: 'consumer-test-1', now: () => Date.now() },
    report: (record) => records.push(record),
  })
  active.take(faults)
  return { active, records }
}
