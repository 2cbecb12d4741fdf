import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { obligationOf } from '../journeys/journey-record.ts'
import { checkInvariants } from '../verdict/invariants.ts'
import { RandomHistory, type Step, step } from './history.fixture.ts'

function agree({ system, model }: RandomHistory, allKept: boolean): void {
  const { ledger, traces, context } = system
  expect(Object.fromEntries([...ledger.publishes.entries()].map(([, type, counts]) => [type, { ...counts }]))).toEqual(
    model.publishes(),
  )
  expect(Object.fromEntries([...ledger.groups.entries()].map(([, group, counts]) => [group, { ...counts }]))).toEqual(
    model.groups(),
  )
  for (const { holds, breaches } of checkInvariants(ledger, context.anomalies).slice(0, 2)) {
    expect({ holds, breaches }).toEqual({ holds: true, breaches: [] })
  }
  for (const message of model.unsettled()) {
    const found = ledger.find(message.id)
    const journey = found && traces.get(found.sequence, found.seq)
    expect(journey?.publish, message.id).toBe(message.publish)
    for (const [group, state] of message.states) {
      expect(journey && (obligationOf(journey, group)?.state ?? 'waiting'), `${message.id} ${group}`).toBe(state)
    }
  }
  if (allKept) expect(anomaliesOf(system)).toEqual(model.anomalies())
}

/** By name and group, as the model writes them. */
function anomaliesOf({ context }: RandomHistory['system']): Record<string, number> {
  const counts: [string, number][] = context.anomalies.list().flatMap(({ name, count, groups: byGroup }) => {
    const rows = Object.entries(byGroup).map(([group, found]): [string, number] => [`${name} ${group}`, found])
    return rows.length > 0 ? rows : [[`${name} `, count] as [string, number]]
  })
  return Object.fromEntries(counts.sort())
}

/** A group that was never owed it has it in flight when everybody else is done, and the control plane starts again. */
const neverOwed: Step[] = [
  { do: 'publish', count: 1, a: false, skip: 0 },
  { do: 'deliver', pick: 0, group: 'consumer-email', replica: 1, ref: undefined, outcome: 'ok' },
  { do: 'answer', pick: 0, state: 'acked' },
  { do: 'deliver', pick: 0, group: 'consumer-db', replica: 1, ref: undefined, outcome: 'held' },
  { do: 'restart', clean: true },
  { do: 'deliver', pick: 0, group: 'consumer-db', replica: 1, ref: undefined, outcome: 'ok' },
]

describe('ledger', () => {
  it.each([
    ['while every journey is kept', 10_000, false],
    ['while settled journeys are dropped', 5, false],
    ['while all that wait are dormant', 10_000, true],
    ['while settled ones are dropped and all that wait are dormant', 5, true],
  ])(
    'L2 L22 agrees with a model that keeps every message, at each step, %s',
    async (_, kept, arePacked) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
          const history = new RandomHistory(kept, arePacked)
          await history.open()
          for (const [index, action] of steps.entries()) {
            await history.take(action, index)
            agree(history, kept > 5)
            // Looking woke them; the next step is to find them packed.
            history.system.traces.rest()
          }
          await history.system.intake.close()
        }),
        { numRuns: 30, examples: [[neverOwed]] },
      )
    },
    60_000,
  )
})
