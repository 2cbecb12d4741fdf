import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { readCheckpoint, writeCheckpoint } from '../journal/checkpoint.ts'
import { TelemetryJournal } from '../journal/journal.ts'
import { isSettled, obligationOf } from '../journeys/journey-record.ts'
import { journeyView } from '../journeys/journey-view.ts'
import { wholeOf } from '../journeys/packed-journey.ts'
import { placesOf } from '../journeys/report-list.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { createBodyReader } from '../rehydrate/body-reader.ts'
import { needsEffect, RandomHistory, step } from './history.fixture.ts'
import { figuresOfBooks, leftByKill, temporary } from './intake.fixture.ts'
import { allPacked, frameOf, groups, openIntake } from './system.fixture.ts'

afterEach(() => vi.restoreAllMocks())

type System = Awaited<ReturnType<typeof openIntake>>

/** All that a start has made, but for the numbers of places in the order. */
function stateOf({ traces, context, entries, ledger }: System) {
  const journeys: unknown[] = []
  traces.order.walkBack(traces.order.next, false, (entry) => {
    const journey = wholeOf(entry)
    journeys.push({
      id: journey.id,
      view: journeyView(journey, createBodyReader(entries)),
      reported: placesOf(journey.reported),
      revision: journey.revision,
      obligations: journey.obligations,
      changedAside: journey.changedAside,
      retired: journey.retired,
    })
    return true
  })
  return {
    journeys,
    size: traces.slots.size,
    openByType: [...traces.openByType].filter(([, open]) => open > 0).sort(),
    runs: context.runs
      .instances()
      .map((instance) => [
        instance,
        context.runs
          .of(instance)
          .flatMap(({ journey }) => (journey.dropped ? [] : journey.id))
          .sort(),
      ])
      .filter(([, runs]) => runs?.length !== 0)
      .sort(),
    dues: [...context.dues.next()].sort(),
    // Of those that are not lost already. The other suspicions follow from the ledger, whose figures are compared.
    lost: context.suspicions
      .of('lost')
      .filter(({ id, group }) => {
        const found = ledger.find(id)
        const journey = found && traces.get(found.sequence, found.seq)
        const obligation = journey && obligationOf(journey, group)
        return obligation && !isSettled(obligation)
      })
      .map(({ id, group }) => `${id} ${group}`)
      .sort(),
    oldest: groups.map((group) => traces.oldestOpen(group, 'local')?.id),
    sequences: [...ledger.sequences()].map(({ prefix, watermark, highest }) => [prefix, watermark, highest]),
    settled: traces.waiting().settled.flatMap((order) => traces.order.at(order)?.id ?? []),
  }
}

it('a start that takes the past of the checkpoint has every journey as it was, and reads no segment before it', async () => {
  let [taken, others] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 160 }), fc.boolean(), async (steps, isDropping) => {
      const kept = isDropping ? 5 : 10_000
      const history = new RandomHistory(kept, true)
      await history.open()
      for (const [index, action] of steps.entries()) await history.take(action, index)
      const left = await leftByKill(history.directory)
      const { past, segment = 0 } = (await readCheckpoint(left)) ?? {}
      taken += past ? 1 : 0
      others += past?.journeys.others.length ?? 0
      const read = vi.spyOn(TelemetryJournal.prototype, 'read').mockClear()
      const again = await openIntake(left, { kept, now: () => history.at, needsEffect, packing: allPacked })
      for (const [number] of read.mock.calls) expect(number).toBeGreaterThanOrEqual(segment)
      expect(figuresOfBooks(again)).toEqual(figuresOfBooks(history.system))
      expect(stateOf(again)).toEqual(stateOf(history.system))
      expect(again.entries.problem).toBeUndefined()
      await Promise.all([again.intake.close(), history.system.intake.close()])
      // The last one is that of its end.
      expect(again.journal.segments().slice(0, -1)).toEqual(history.system.journal.segments().slice(0, -1))
    }),
    { numRuns: 40, endOnFailure: true },
  )
  expect(taken).toBe(40)
  expect(others).toBeGreaterThan(40)
}, 300_000)

/** An event that another one caused, as its handler says, and that both groups have handled. */
const caused = (causeId: string): TelemetryRecord[] =>
  wholeLife(1, 1, groups, 2_000).map((record) => {
    const own = JSON.parse(JSON.stringify(record).replaceAll('producer-1', 'chain-1'))
    const cause = { id: causeId, group: 'consumer-db', attempt: 1, receiveCount: 1, ordinal: 1 }
    for (const message of own.messages ?? []) Object.assign(message, { correlationId: causeId, hops: 1, cause })
    return own
  })

it('an event whose cause nobody handled is asked about after each start, though it rests', async () => {
  const directory = await temporary()
  const options = { kept: 100, packing: allPacked }
  const before = await openIntake(directory, options)
  const asked = ({ context }: System) => context.suspicions.of('uncaused').map(({ id, group }) => [id, group])
  before.intake.takeFrames([
    frameOf('producer', 1, wholeLife(1, 3, [], 1_000)),
    frameOf('chain', 1, caused('producer-1:1:order_placed:2')),
  ])
  expect(asked(before)).toEqual([['chain-1:1:order_placed:1', 'consumer-db']])
  expect(before.traces.order.awakeSettled).toBe(1)
  await before.intake.close()
  for (let start = 0; start < 2; start += 1) {
    const after = await openIntake(directory, options)
    expect(asked(after)).toEqual(asked(before))
    expect(after.traces.order.awakeSettled).toBe(0)
    await after.intake.close()
  }
})

it('a past of another shape is left alone: the journal is read', async () => {
  const directory = await temporary()
  const before = await openIntake(directory, { packing: allPacked })
  before.intake.takeFrames([frameOf('producer', 1, wholeLife(1, 3, [], 1_000))])
  await before.intake.close()
  const checkpoint = await readCheckpoint(directory)
  if (!checkpoint?.past) throw new Error('the checkpoint has no past')
  const journeys = { ...checkpoint.past.journeys, format: 2 as 1, chunks: [] }
  await writeCheckpoint(directory, { ...checkpoint, past: { ...checkpoint.past, journeys } })
  const read = vi.spyOn(TelemetryJournal.prototype, 'read')
  const after = await openIntake(directory, { packing: allPacked })
  expect(read).toHaveBeenCalled()
  expect(stateOf(after)).toEqual(stateOf(before))
})

it('more journeys at work than a checkpoint is quick with are left to the journal', async () => {
  const directory = await temporary()
  const before = await openIntake(directory, { packing: allPacked, segment: 32 * 1024 * 1024 })
  // Published, and not answered.
  for (let seq = 1; seq <= 20_001; seq += 500)
    before.intake.takeFrames([frameOf('producer', seq, wholeLife(seq, 500, [], 1_000).slice(0, 1))])
  expect(before.traces.order.awake).toBe(20_500)
  await before.intake.close()
  expect((await readCheckpoint(directory))?.past).toBeUndefined()
  const after = await openIntake(directory, { packing: allPacked, segment: 32 * 1024 * 1024 })
  expect(after.traces.slots.size).toBe(before.traces.slots.size)
})
