import { simulatorFaults } from '#contracts/faults/catalogue/simulator.ts'
import type { FaultCase } from './fault-cases.ts'
import type { FaultClient } from './fault-client.ts'
import { until } from './until.ts'

/** Published until the simulator says that it has hit something, whatever the publish is answered. */
const hits =
  (type: string) =>
  (lab: FaultClient): Promise<void> =>
    until(`a hit of ${type}`, async () => {
      await lab.publish()
      return (await lab.faults()).some((fault) => fault.type === type && fault.hits > 0)
    }).then(() => undefined)

/** What only the simulator of SNS and SQS can do; what each does to a message is tried on the simulator itself. */
export const simulatorFaultCases: FaultCase[] = simulatorFaults.map(({ type }) => ({
  ...{ name: type, input: { type }, see: hits(type) },
}))
