import { expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { temporary } from '../intake/intake.fixture.ts'
import { frameOf, groups, openIntake } from '../intake/system.fixture.ts'
import { placesOf } from '../journeys/report-list.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'

const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`

/** What the journal says of a message after one frame of these records. */
async function reportsAfter(records: TelemetryRecord[], seq: number): Promise<unknown[]> {
  const { intake, entries, ledger, traces } = await openIntake(await temporary())
  intake.takeFrames([frameOf('p', 1, records)])
  const found = ledger.find(idOf(seq))
  const journey = found && traces.get(found.sequence, found.seq)
  return placesOf(journey?.reported).flatMap((place) => [...entries.reports(place, idOf(seq))])
}

it('says of a message what each record says of it, and nothing of others', async () => {
  const life = wholeLife(1, 3, groups, 1_000_000)
  expect(await reportsAfter(life, 2)).toEqual(wholeLife(2, 1, groups, 1_000_000).map((record) => ({ record })))
})

it('leaves out a record that was refused for what it says of another message', async () => {
  const [attempted, settled, ...deliveries] = wholeLife(1, 3, groups, 1_000_000)
  if (attempted?.kind !== 'publish.attempted' || settled?.kind !== 'publish.settled') throw new Error('another order')
  const outcomes = settled.outcomes.map((outcome) => (outcome.seq === 3 ? { ...outcome, seq: 0 } : outcome))
  const said = await reportsAfter([attempted, { ...settled, outcomes }, ...deliveries], 2)
  const [first, , ...others] = wholeLife(2, 1, groups, 1_000_000)
  expect(said).toEqual([first, ...others].map((record) => ({ record })))
})
