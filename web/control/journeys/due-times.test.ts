import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Lane } from '../ledger/lane.ts'
import { DueTimes } from './due-times.ts'
import { type HopRecord, JourneyRecord, newAttempt } from './journey-record.ts'

const base = 1_000_000
const lane = new Lane('producer-1', 1, 'order_placed')

function retrying(group: string): { journey: JourneyRecord; hop: HopRecord; fail: (dueMs: number) => void } {
  const journey = new JourneyRecord(lane, 1, base)
  const rest = { receiveCount: 1, settledUs: undefined, passed: false, leaving: undefined, place: 0 }
  const hop: HopRecord = { group, state: 'waiting', attempts: [], ...rest }
  const fail = (dueMs: number): void => {
    const run = newAttempt(hop.attempts.length + 1, hop.attempts.length + 1, `${group}-1`)
    run.dueUs = (dueMs - base) * 1_000
    hop.attempts = [...hop.attempts, run]
    hop.state = 'retrying'
  }
  return { journey, hop, fail }
}

it('knows the next retry of each group whatever was added, run, and failed again', () => {
  const step = fc.record({
    which: fc.nat(7),
    what: fc.constantFrom('fail' as const, 'run' as const, 'settle' as const),
    dueMs: fc.integer({ min: base, max: base + 500 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const times = new DueTimes()
      const all = Array.from({ length: 8 }, (_, index) => retrying(index % 2 === 0 ? 'email' : 'db'))
      for (const { which, what, dueMs } of steps) {
        const one = all[which]
        if (!one) continue
        if (what === 'fail') {
          one.fail(dueMs)
          times.add(one.journey, one.hop)
        } else one.hop.state = what === 'run' ? 'handling' : 'delivered'
        const expected = new Map<string, number>()
        for (const { hop } of all) {
          const dueUs = hop.attempts.at(-1)?.dueUs
          if (hop.state !== 'retrying' || dueUs === undefined) continue
          const at = base + dueUs / 1_000
          expected.set(hop.group, Math.min(at, expected.get(hop.group) ?? at))
        }
        expect(Object.fromEntries(times.next())).toEqual(Object.fromEntries(expected))
      }
    }),
  )
})

it('does not grow with retries that have run while nobody asks', () => {
  const times = new DueTimes()
  const one = retrying('email')
  for (let attempt = 0; attempt < 200_000; attempt += 1) {
    one.hop.attempts = one.hop.attempts.slice(-1)
    one.fail(base + attempt)
    times.add(one.journey, one.hop)
  }
  expect(times.size).toBeLessThanOrEqual(1_025)
  expect(times.next().get('email')).toBe(base + 199_999)
})
