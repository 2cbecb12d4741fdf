import { expect, test } from 'vitest'
import type { RunFault, RunPhase } from '#contracts/api/run.ts'
import { axisEnd, phaseBars, runMarks } from './run-marks.ts'

const phases: RunPhase[] = [
  { name: 'warmup', durationMs: 2_000, arrivals: 100, beganAt: 100, endedAt: 2_100 },
  { name: 'chaos', durationMs: 5_000, arrivals: 250, beganAt: 2_100 },
  { name: 'drain', timeoutMs: 60_000, arrivals: 0 },
]
const fault: RunFault = { id: 'cut', type: 'link.down', phase: 'chaos', state: 'planned', hits: 0 }

test('phases lie where they were, the one that goes on where it will end, and the others behind it', () => {
  expect(phaseBars({ phases, elapsedMs: 3_000 })).toEqual([
    { name: 'warmup', from: 100, to: 2_100, state: 'past', words: '50/s' },
    { name: 'chaos', from: 2_100, to: 7_100, state: 'now', words: '50/s' },
    { name: 'drain', from: 7_100, to: 7_100, state: 'ahead', words: 'until drained' },
  ])
  expect(axisEnd({ phases, elapsedMs: 3_000 })).toBe(7_100)
  expect(axisEnd({ phases, elapsedMs: 9_000 })).toBe(9_000)
  expect(axisEnd({ phases: [], elapsedMs: 0 })).toBe(1_000)
})

test('a fault is a band from when it took effect; one that never was has none, and one never seen is told apart', () => {
  const { bands, edges } = runMarks({
    phases,
    faults: [
      fault,
      { ...fault, id: 'seen', state: 'healed', injectedAt: 3_000, observedAt: 3_200, healedAt: 5_000 },
      { ...fault, id: 'unseen', state: 'active', injectedAt: 3_000 },
    ],
  })
  expect(bands).toMatchObject([
    { id: 'seen', from: 3_200, to: 5_000, observed: true },
    { id: 'unseen', from: 3_000, observed: false },
  ])
  expect(edges).toEqual([
    { at: 100, label: 'warmup' },
    { at: 2_100, label: 'chaos' },
  ])
})
