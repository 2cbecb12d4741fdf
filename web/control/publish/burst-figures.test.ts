import { expect, it } from 'vitest'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'
import { interruptedBurst, newBurst, withProgress } from './burst-figures.ts'
import { createBurstTracker } from './burst-tracker.ts'

const started = new Date(1_000_000)
const burst = newBurst('burst-1', { type: 'order_placed', count: 100, ratePerSecond: 50 }, started)
const figures = (more: Partial<BurstProgressRecord>): BurstProgressRecord => ({
  ...{ kind: 'burst.progress', at: 1_002_000, burstId: 'burst-1', state: 'running', keysUsed: 0, elapsedMs: 1_000 },
  ...{ attempted: 0, acked: 0, failed: 0, indeterminate: 0, achievedPerSecond: 0, ackP50Ms: null, ackP99Ms: null },
  ...more,
})

it('says so where a burst is done with fewer messages than were asked for', () => {
  const few = withProgress(burst, figures({ state: 'done', attempted: 7, acked: 7 }))
  expect(few).toMatchObject({ state: 'done', requested: 100, attempted: 7 })
  expect(few.reason).toBe('its producer says that it is done, and sent 7 of the 100 messages that were asked for')
  expect(withProgress(burst, figures({ state: 'done', attempted: 100, acked: 90, failed: 10 })).reason).toBeUndefined()
  expect(withProgress(burst, figures({ state: 'stopped', attempted: 7, acked: 7 })).reason).toBeUndefined()
})

it('takes the figures of an interrupted burst from the ledger, and what it has as last heard where that has fewer', () => {
  const heard = withProgress(burst, figures({ attempted: 40, acked: 30, elapsedMs: 1_000 }))
  expect(interruptedBurst(heard, { attempted: 60, acked: 50, failed: 2 }, 1_003_000)).toMatchObject({
    ...{ state: 'interrupted', attempted: 60, acked: 50, failed: 2, indeterminate: 8, achievedPerSecond: 50 },
    reason: "its producer ended before it did; figures are the ledger's, of 100 messages that were asked for",
  })
  for (const tally of [undefined, { attempted: 10, acked: 0, failed: 0 }]) {
    expect(interruptedBurst(heard, tally, 1_003_000)).toMatchObject({ attempted: 40, acked: 30 })
  }
})

it('follows the ledger when telemetry of an interrupted burst comes late', () => {
  let now = 1_000_000
  let tally = { attempted: 10, acked: 10, failed: 0 }
  const ends: number[] = []
  const tracker = createBurstTracker({
    ...{ shown: 5, now: () => now, tally: () => tally },
    onEnd: ({ attempted }) => ends.push(attempted),
  })
  tracker.begin(burst, new Set([1]))
  now += 5_000
  tracker.interruptSilent(new Set([2]))
  tracker.interruptSilent(new Set([2]))
  tally = { attempted: 25, acked: 20, failed: 0 }
  tracker.interruptSilent(new Set([2]))
  expect(ends).toEqual([10, 25])
  expect(tracker.find('burst-1')).toMatchObject({ state: 'interrupted', attempted: 25, acked: 20, indeterminate: 5 })
})
