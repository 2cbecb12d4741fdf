import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { JourneyRecord } from '../journeys/journey-record.ts'
import { journeyView, rowView } from '../journeys/journey-view.ts'
import { publishedOf, wholeOf } from '../journeys/packed-journey.ts'
import { placesOf } from '../journeys/report-list.ts'
import { compileFilter } from '../journeys/search.ts'
import { createBodyReader } from '../rehydrate/body-reader.ts'
import { RandomHistory, type Step, step } from './history.fixture.ts'
import { groups } from './system.fixture.ts'

type System = RandomHistory['system']

/** Every kept journey whole, in the order of publishing, and what lists show of it. */
function journeysOf({ traces, entries }: System): unknown[] {
  const all: unknown[] = []
  for (let order = 0; order < traces.order.next; order += 1) {
    const entry = traces.order.at(order)
    if (!entry) continue
    const journey = wholeOf(entry)
    const { sequence, reported, base, attemptedUs, ackedUs, body, unread, ...fields } = journey
    all.push({
      id: sequence.prefix + fields.seq,
      view: journeyView(journey, createBodyReader(entries)),
      row: rowView(entry),
      reported: placesOf(reported).map(({ segment, offset }) => [segment, offset]),
      ...fields,
    })
  }
  return all
}

/** What is known without reading the journal, and what its publish alone says, has to be what the whole journey says. */
function agreeOnFilters({ traces }: System): void {
  const filters = ['waiting', 'delivered', 'dead_lettered', 'acked', 'owed'] as const
  const tests = filters.flatMap((state) => [{ state }, { state, group: 'consumer-db' }]).map(compileFilter)
  traces.order.walkBack(traces.order.next, false, (entry) => {
    const whole = wholeOf(entry)
    for (const { passes } of tests) expect(passes(entry)).toBe(passes(whole))
    expect(publicOf(publishedOf(entry))).toEqual(publicOf(whole))
    return true
  })
}

const publicOf = (journey: JourneyRecord) => {
  const { id, type, version, key, traceparent, time, body, chained, publishSegment, publishOffset } = journey
  return { id, type, version, key, traceparent, time, body, chained, publishSegment, publishOffset }
}

/** A lab in which more is published and acknowledged than anybody handles; the first few are settled by all and may come again. */
const busy = fc.oneof(
  { weight: 2, arbitrary: step },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'publish', count: 4, a: true, skip: 0 }) },
  { weight: 6, arbitrary: fc.nat().map((pick): Step => ({ do: 'answer', pick, state: 'acked' })) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      pick: fc.nat(5),
      group: fc.constantFrom(...groups),
      replica: fc.constantFrom(1, 2),
      ref: fc.constant(undefined),
      outcome: fc.constant('ok' as const),
    }),
  },
)

it.each([
  ['with all settled journeys kept', 10_000],
  ['with most settled journeys dropped', 5],
])(
  'a journey that was dormant is the journey that it would have been, %s',
  async (_, kept) => {
    let packed = 0
    let settled = 0
    await fc.assert(
      fc.asyncProperty(fc.array(busy, { minLength: 20, maxLength: 90 }), async (steps) => {
        const [sleepy, awake] = [new RandomHistory(kept, true), new RandomHistory(kept, false)]
        await Promise.all([sleepy.open(), awake.open()])
        for (const [index, action] of steps.entries()) {
          await sleepy.take(action, index)
          await awake.take(action, index)
          packed += sleepy.system.traces.order.packed
          settled += sleepy.system.traces.order.packedSettled
          expect(journeysOf(sleepy.system)).toEqual(journeysOf(awake.system))
          agreeOnFilters(sleepy.system)
          expect(sleepy.system.traces.slots.size).toBe(awake.system.traces.slots.size)
          expect(sleepy.system.traces.openByType).toEqual(awake.system.traces.openByType)
          for (const group of ['consumer-db', 'consumer-email']) {
            const oldest = ({ traces }: System): string | undefined => traces.oldestOpen(group, 'local')?.id
            expect(oldest(sleepy.system)).toBe(oldest(awake.system))
          }
        }
        expect(sleepy.system.entries.problem).toBeUndefined()
        await Promise.all([sleepy.system.intake.close(), awake.system.intake.close()])
        expect(sleepy.system.journal.segments()).toEqual(awake.system.journal.segments())
      }),
      { numRuns: 30, endOnFailure: true },
    )
    expect(packed).toBeGreaterThan(100)
    expect(settled).toBeGreaterThan(100)
  },
  300_000,
)
