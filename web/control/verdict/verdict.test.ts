import { expect, it } from 'vitest'
import { type VerdictEvidence, verdictOf } from './verdict.ts'

/** Everything was looked at, and nothing is open. */
const clean: VerdictEvidence = {
  ...{ failing: [], invariants: [], attempted: 3, open: 0, indeterminate: 0, waiting: 0, handling: 0, retrying: 0 },
  ...{ pending: 0, missing: new Map(), cutOff: new Map(), dropped: [], repeated: new Map(), unreported: new Map() },
  ...{ refused: 0, silent: [] },
}

it('L35 passes where everything was looked at and nothing is open', () => {
  expect(verdictOf(clean)).toEqual({ result: 'pass', reasons: [] })
})

it('says of dead letters that nobody published that they are not among its figures, and passes', () => {
  expect(verdictOf({ ...clean, deadLetters: 4, unowedLetters: 14 })).toMatchObject({
    result: 'pass',
    notes: [
      expect.stringMatching(/^4 dead letters/),
      expect.stringMatching(/^14 more dead letters .*owed to no group/),
    ],
  })
})

it.each<[string, Partial<VerdictEvidence>]>([
  ['nothing was published', { attempted: 0 }],
  ['publishes are not answered', { open: 1 }],
  ['publishes are indeterminate', { indeterminate: 1 }],
  ['obligations wait', { waiting: 1 }],
  ['obligations are handled', { handling: 1 }],
  ['retries are due', { retrying: 1 }],
  ['suspicions wait', { pending: 1 }],
  ['frames never came', { missing: new Map([['producer', 2]]) }],
  ['a sidecar ended without handing over', { cutOff: new Map([['producer', 1]]) }],
  ['frames were dropped', { dropped: [{ service: 'producer', count: 1 }] }],
  ['records were reported twice', { repeated: new Map([['producer-1', 1]]) }],
  ['telemetry never reported a settlement', { unreported: new Map([['consumer-db', 1]]) }],
  ['records were refused', { refused: 1 }],
  ['a sidecar is away', { silent: ['producer'] }],
  ['the books do not balance', { invariants: [{ invariant: 'publishes add up', holds: false, breaches: ['x'] }] }],
])('L35 is inconclusive while %s, and fails all the same where an anomaly does', (_, doubt) => {
  expect(verdictOf({ ...clean, ...doubt })).toMatchObject({ result: 'inconclusive', reasons: [expect.any(String)] })
  const failing = [{ name: 'lost_message' as const, count: 1 }]
  expect(verdictOf({ ...clean, ...doubt, failing })).toMatchObject({
    result: 'fail',
    reasons: ['lost_message: 1', expect.any(String)],
  })
})
