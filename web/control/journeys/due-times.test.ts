import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Sequence } from '../ledger/sequence.ts'
import { RetryDueTimes } from './due-times.ts'
import { JourneyRecord, newAttempt, type ObligationRecord } from './journey-record.ts'

const base = 1_000_000
const sequence = new Sequence('producer-1', 1, 'order_placed')

function retrying(group: string): {
  journey: JourneyRecord
  obligation: ObligationRecord
  fail: (dueMs: number) => void
} {
  const journey = new JourneyRecord(sequence, 1, base)
  const rest = { receiveCount: 1, settledUs: undefined, passed: false, premature: false, leaving: undefined, place: 0 }
  const obligation: ObligationRecord = { group, state: 'waiting', attempts: [], ...rest }
  const fail = (dueMs: number): void => {
    const run = newAttempt(obligation.attempts.length + 1, obligation.attempts.length + 1, `${group}-1`)
    run.dueUs = (dueMs - base) * 1_000
    obligation.attempts = [...obligation.attempts, run]
    obligation.state = 'retrying'
  }
  return { journey, obligation, fail }
}

it('knows the next retry of each group whatever was added, run, and failed again', () => {
  const step = fc.record({
    which: fc.nat(7),
    what: fc.constantFrom('fail' as const, 'run' as const, 'settle' as const),
    dueMs: fc.integer({ min: base, max: base + 500 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const times = new RetryDueTimes()
      const all = Array.from({ length: 8 }, (_, index) => retrying(index % 2 === 0 ? 'email' : 'db'))
      for (const { which, what, dueMs } of steps) {
        const one = all[which]
        if (!one) continue
        if (what === 'fail') {
          one.fail(dueMs)
          times.add(one.journey, one.obligation)
        } else one.obligation.state = what === 'run' ? 'handling' : 'delivered'
        const expected = new Map<string, number>()
        for (const { obligation } of all) {
          const dueUs = obligation.attempts.at(-1)?.dueUs
          if (obligation.state !== 'retrying' || dueUs === undefined) continue
          const at = base + dueUs / 1_000
          expected.set(obligation.group, Math.min(at, expected.get(obligation.group) ?? at))
        }
        expect(Object.fromEntries(times.next())).toEqual(Object.fromEntries(expected))
      }
    }),
  )
})

it('does not grow with retries that have run while nobody asks', () => {
  const times = new RetryDueTimes()
  const one = retrying('email')
  for (let attempt = 0; attempt < 200_000; attempt += 1) {
    one.obligation.attempts = one.obligation.attempts.slice(-1)
    one.fail(base + attempt)
    times.add(one.journey, one.obligation)
  }
  expect(times.size).toBeLessThanOrEqual(1_025)
  expect(times.next().get('email')).toBe(base + 199_999)
})
