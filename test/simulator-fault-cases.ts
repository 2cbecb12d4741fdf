import type { Obligation } from '#contracts/api/journey.ts'
import type { FaultInput } from '#contracts/faults/fault.ts'
import type { FaultCase } from './fault-cases.ts'
import type { FaultClient } from './fault-client.ts'
import { until } from './until.ts'

/** A message that consumer-db has as it shall have it. */
async function reaches(lab: FaultClient, what: string, holds: (obligation: Obligation) => boolean): Promise<void> {
  const id = await until('a publish that is acknowledged', async () => {
    const { status, body } = await lab.publish()
    return status === 202 ? body.id : undefined
  })
  await until(`${what} of ${id}`, async () => {
    const found = (await lab.journey(id)).obligations.find(({ group }) => group === 'consumer-db')
    return found && holds(found)
  })
}

/** Published until the simulator says that it has hit something, whatever the publish is answered. */
const hits =
  (type: string) =>
  (lab: FaultClient): Promise<void> =>
    until(`a hit of ${type}`, async () => {
      await lab.publish()
      return (await lab.faults()).some((fault) => fault.type === type && fault.hits > 0)
    }).then(() => undefined)

const case_ = (type: string, see: FaultCase['see'], params: FaultInput['params'] = {}): FaultCase => ({
  ...{ name: type, input: { type, params }, see },
})

/** What only the simulator of SNS and SQS can do. */
export const simulatorFaultCases: FaultCase[] = [
  case_('simulator.duplicate', (lab) => reaches(lab, 'a second delivery', ({ receiveCount }) => receiveCount >= 2)),
  case_(
    'simulator.delay',
    (lab) => reaches(lab, 'a late delivery', ({ attempts }) => (attempts[0]?.queueMs ?? 0) >= 1_000),
    {
      afterMs: 1_500,
    },
  ),
  case_('simulator.slow', async (lab) => {
    const { body } = await lab.publish()
    if ((body.ackMs ?? 0) < 500) throw new Error(`the publish was acknowledged after ${body.ackMs} ms`)
  }),
  ...['early_expiry', 'lost_leg', 'reorder', 'no_answer', 'error', 'throttle', 'over_limit', 'partial_batch'].map(
    (name) => case_(`simulator.${name}`, hits(`simulator.${name}`)),
  ),
]
