import { test } from 'vitest'
import { labFolder } from './read-lab-file.fixture.ts'

const { expectProblem } = labFolder()
const sends = 'sends: { shipment_sent: { chance: 98%,'
const command = 'command: [python3, payment.py],'
const endless = `${'9'.repeat(400)}h`

test.each<[string, string, string, string]>([
  ['a delay above its bound', sends, `${sends} delay: 2h,`, '/simulate/sends/shipment_sent/delay: must be at most 1h'],
  ['a delay without end', sends, `${sends} delay: ${endless},`, '/shipment_sent/delay: must be at most 1h'],
  ['a long start', command, `${command} readyWithin: 20m,`, '/run/readyWithin: must be at least 100ms and at most 10m'],
  ['a short start', command, `${command} readyWithin: 50ms,`, '/run/readyWithin: must be at least 100ms and at most'],
  ['work without end', 'p99: 400ms', `p99: ${endless}`, '/simulate/work/p99: must be at most 12h'],
  [
    'work of a fixed time without end',
    '{ p50: 40ms, p99: 400ms }',
    `{ fixed: ${endless} }`,
    '/fixed: must be at most 12h',
  ],
  [
    'a flow without end',
    'within: 60s',
    `within: ${endless}`,
    '/flows/checkout/within: must be more than 0 and at most',
  ],
  ['a flow within no time', 'within: 60s', 'within: 0s', '/within: must be more than 0 and at most 8760h'],
  ['an attempt of no time', 'initialInterval: 200ms', 'attemptTimeout: 0ms', 'must be more than 0 and at most 12h'],
  [
    'an interval above its bound',
    'initialInterval: 200ms',
    'maximumInterval: 13h',
    '/maximumInterval: must be at most 12h',
  ],
  [
    'an error type with NUL',
    'initialInterval: 200ms',
    'nonRetryableErrorTypes: ["a\\0"]',
    'must not hold the character NUL',
  ],
])('%s is a problem at its place', (_, piece, by, expected) => expectProblem(piece, by, expected))
