import { expect, it } from 'vitest'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { temporary } from './intake.fixture.ts'
import { frameOf, groups, openIntake } from './system.fixture.ts'

it('L3 L27 a second effect that an audit found is counted once, however often what was decided is read again', async () => {
  const directory = await temporary()
  const id = 'producer-1:1:order_placed:1'
  const again: Resolution = { what: 'again', id, group: 'consumer-db', at: 2_000, count: 2 }
  const counted = async (decided: Resolution[]) => {
    const { intake, ledger, context } = await openIntake(directory, { segment: 1_000_000 })
    if (decided.length > 0) {
      intake.takeFrames([frameOf('all', 1, wholeLife(1, 3, groups, 1_000_000))])
      intake.resolve(decided)
    }
    const figures = { actedAgain: [...ledger.actedAgain], anomalies: context.anomalies.list() }
    // Writes a checkpoint: what was decided is behind it at the next start.
    await intake.close()
    return figures
  }
  const before = await counted([again])
  expect(before.actedAgain).toEqual([[`${id} consumer-db`, 2]])
  expect(before.anomalies).toMatchObject([{ name: 'duplicate_effect', count: 2 }])
  for (let restarts = 0; restarts < 2; restarts += 1) expect(await counted([])).toEqual(before)
})
