import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problemInWords } from '../yaml-document/file-problem.ts'
import { scenarioJsonSchema } from './json-schema.ts'
import { planOf } from './plan.ts'
import { readScenario } from './read-scenario.ts'

const head = 'apiVersion: faultline/v1\nkind: Scenario\nmetadata: { name: a }\n'
const phases = 'phases:\n  - { name: p, duration: 10s, arrivalRate: 5, type: order_placed }\n'
const pauses = `${phases}  - { name: q, duration: 10s }\n`
const wordsOf = (text: string): string[] => readScenario(text).problems.map(problemInWords)

const shipped = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'))

test.each(shipped)('%s is valid, is named as its file, and lasts at most 40 s without its drain', (file) => {
  const { scenario, problems } = readScenario(readFileSync(`scenarios/${file}`, 'utf8'))
  expect(problems).toEqual([])
  expect(`${scenario?.file.metadata.name}.yaml`).toBe(file)
  expect(scenario?.file.phases.reduce((sum, { duration = 0 }) => sum + duration, 0)).toBeLessThanOrEqual(40_000)
})

test.each(shipped)('%s has a page that is listed', (file) => {
  const name = file.replace(/\.yaml$/, '')
  const page = readFileSync(`docs/scenarios/${name}.md`, 'utf8')
  for (const part of ['What you will see.', 'Why.', 'What to change.']) expect(page).toContain(`**${part}**`)
  expect(readFileSync('docs/scenarios.md', 'utf8')).toContain(`(scenarios/${name}.md)`)
})

test('the example of the docs is valid', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/scenarios.md', 'utf8')) ?? []
  expect(readScenario(example).problems).toEqual([])
})

test.each([
  ['data', `${head}${phases}events: { order_placed: { data: &a { y: *a } } }\n`, '6:41: *a is within'],
  ['a param', `${head}${phases}faults:\n  - { params: { restartAfter: &a [*a] } }\n`, '7:35: *a is within'],
  ['a merge of a number', `${head}${phases}seed:\n  <<: 5\n`, '7:7: only groups of keys can be merged'],
])('%s that leads to itself, or to nothing, is a problem with a place', (_, text, wanted) => {
  expect(wordsOf(text)[0]).toContain(wanted)
})

test('a mistake in one key of an item hides none in its others, and a limit says what to write', () => {
  const text = `${head}seed: -3
${phases}  - { name: p, duration: 5, arrivalRate: -1, type: order_placed }
faults:
  - { id: f, type: proces.kill, target: { service: x }, phase: q, through: r, startAt: 5 }
  - { id: f, type: process.kill, target: { service: x }, phase: p, startAt: 5 }
steps:
  - { phase: q, startAt: 5, redrive: {} }
steadyState:
  - { id: c, metric: consumer.lagg, op: "=", value: 0 }
assertions:
  - { id: c, metric: consumer.lag, after: g, within: 5, op: "<", value: 1 }
`
  const words = wordsOf(text)
  for (const [place, cause] of [
    ['/seed', '-3 is too small; write at least 0'],
    ['/phases/1/name', 'there are two phases "p"; give one another name'],
    ['/faults/0/type', 'there is no fault "proces.kill"; did you mean process.kill?'],
    ['/faults/0/phase', 'there is no phase "q"'],
    ['/faults/0/through', 'there is no phase "r"'],
    ['/faults/1/id', 'there are two faults "f"; give one another id'],
    ['/steps/0/phase', 'there is no phase "q"'],
    ['/steadyState/0/metric', 'there is no metric "consumer.lagg"; did you mean consumer.lag?'],
    ['/assertions/0/id', 'there are two checks "c"; give one another id'],
    ['/assertions/0/after', 'there is no fault "g"'],
  ])
    expect(
      words.filter((line) => line.includes(` ${place}: ${cause}`)),
      `${place} in\n${words.join('\n')}`,
    ).toHaveLength(1)
})

test('scenarios/schema.json is the schema of the file', () => {
  const committed: unknown = JSON.parse(readFileSync('scenarios/schema.json', 'utf8'))
  expect(committed, 'run `npm run scenario-schema`').toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())))
})

test('every problem of a file is named at once, in its order, with its place and what to write', () => {
  const text = `apiVersion: faultline/v2
kind: Scenario
metadata: { name: Bad Name }
sed: 3
phases:
  - { name: a, duration: 5, arrivalRate: 50, typ: order_placed }
  - { name: b, until: drained, arrivalRate: 3, type: order_placed }
  - { name: c, duration: 3s, arrivalRate: 3, type: order_placed, data: { x: "{{uid}}", y: "{{int 3}}" } }
faults:
  - { id: f, type: proces.kill, target: { service: x }, phase: a }
  - { id: f, type: process.kill, target: { link: x }, phase: cc, startAt: 3s, params: { restartafter: 3s } }
  - { id: g, type: process.kill, target: { service: x }, phase: c, startAt: 5s, params: { restartAfter: 3 }, percent: 30% }
assertions:
  - { metric: consumer.lagg, op: "=<", value: 0 }
  - { metric: delivery.latency.p99, op: "<", value: 3, after: fff, within: 3s }
  - { metric: delivery.latency.p98, op: "<", value: 3 }
invariants: [at-least-onc, single-effect]
`
  expect(wordsOf(text)).toMatchInlineSnapshot(`
    [
      "1:13 /apiVersion: "faultline/v2" is not known here; did you mean faultline/v1?",
      "3:19 /metadata/name: is not a name; use lower-case letters, digits and -, at most 64 characters",
      "4:1 /sed: "sed" is not known here; did you mean seed?",
      "6:26 /phases/0/duration: is not a duration; write a number and ms, s, m or h, at most 24h: 200ms, 30s, 2m",
      "6:46 /phases/0/typ: "typ" is not known here; did you mean type?",
      "7:32 /phases/1/arrivalRate: a phase that waits until nothing is left cannot send; leave it out, or give the phase a duration",
      "8:77 /phases/2/data/x: there is no generator "uid"; did you mean uuid?",
      "8:91 /phases/2/data/y: {{int 3}} is not a range; write {{int 1 100}}",
      "10:20 /faults/0/type: there is no fault "proces.kill"; did you mean process.kill?",
      "11:11 /faults/1/id: there are two faults "f"; give one another id",
      "11:44 /faults/1/target/link: process.kill cannot aim at link; it aims at service or instance",
      "11:62 /faults/1/phase: there is no phase "cc"; did you mean c?",
      "11:89 /faults/1/params/restartafter: process.kill has no param "restartafter"; did you mean restartAfter?",
      "12:77 /faults/2/startAt: it begins 5s into a phase of 3s; write less than 3s",
      "12:105 /faults/2/params/restartAfter: 3 is not a duration; write 3s",
      "12:119 /faults/2/percent: process.kill hits its whole target; leave percent out",
      "14:15 /assertions/0/metric: there is no metric "consumer.lagg"; did you mean consumer.lag?",
      "14:34 /assertions/0/op: "=<" is not known here; did you mean ==?",
      "15:53 /assertions/1/value: delivery.latency.p99 is a time; write a duration: 500ms",
      "15:63 /assertions/1/after: there is no fault "fff"; known: f, f, g",
      "16:15 /assertions/2/metric: there is no metric "delivery.latency.p98"; did you mean delivery.latency.p95?",
      "17:14 /invariants/0: there is no invariant "at-least-onc"; did you mean at-least-once?",
      "17:28 /invariants/1: it is not said whose effect is a single one; write single-effect:consumer-db",
    ]
  `)
})

test.each([
  ['', 'the file is empty'],
  ['- a\n', 'a scenario is a group of keys'],
  [head, '"phases" is missing'],
  [`${head}phases: []\n`, 'holds no phase'],
  [`${head}phases: {}\n`, 'a group of keys is not a list'],
  [`${head}phases:\n  - { name: p }\n`, 'the phase has no end'],
  [`${head}phases:\n  - { name: p, duration: 1s, until: drained }\n`, 'the phase has two ends'],
  [`${head}phases:\n  - { name: p, duration: 0s }\n`, 'the phase lasts no time'],
  [`${head}phases:\n  - { name: p, duration: 30h }\n`, 'is not a duration'],
  [`${head}phases:\n  - { name: p, duration: 1s, arrivalRate: 0, type: a }\n`, 'is not a rate'],
  [`${head}phases:\n  - { name: p, duration: 1s, arrivalRate: 5 }\n`, 'what is sent is not said'],
  [`${head}phases:\n  - { name: p, duration: 1h, arrivalRate: 5000, type: a }\n`, 'a run has at most 1000000'],
  [
    `${head}phases:\n  - { name: p, duration: 2s, arrivalRate: 5, type: a, spike: { to: 9, at: 1s, for: 3s } }\n`,
    'ends 2s after its phase',
  ],
  [`${head}phases:\n  - { name: p, duration: 2s }\n  - { name: p, duration: 2s }\n`, 'there are two phases "p"'],
  [`${head}phases:\n  - { name: p, duration: 2s, timeout: 3s }\n`, 'timeout is of a phase with until'],
  [`${head}phases:\n  - { name: p, duration: 2s, until: observed }\n`, 'nothing of the phase can be observed'],
  [
    `${head}phases:\n  - { name: p, until: observed, arrivalRate: 5, type: a }\n`,
    'how long the phase sends is not said',
  ],
  [
    `${head}${phases}  - { name: q, duration: 1s }\nfaults:\n  - { id: f, type: process.kill, target: { service: s }, phase: q, through: p }\n`,
    'p is over before q begins',
  ],
  [
    `${head}${phases}faults:\n  - { id: f, type: process.kill, target: { service: s }, phase: p, through: pp }\n`,
    'there is no phase "pp"',
  ],
  [
    `${head}${phases}faults:\n  - { id: f, type: handler.error, target: { service: s }, phase: p, through: p, duration: 3s }\n`,
    'through and duration both say when it ends',
  ],
  [
    `${head}${phases}retryPolicy: { maximumAttempts: 0, initialIntervalMs: 3 }\n`,
    '"initialIntervalMs" is not known here; did you mean initialInterval?',
  ],
  [`${head}${phases}faults:\n  - { id: f, type: handler.error, phase: p }\n`, '"target" is missing'],
  [
    `${head}${phases}faults:\n  - { id: f, type: handler.error, phase: p, target: { service: s }, percent: 20 }\n`,
    'is not a percentage',
  ],
  [
    `${head}${phases}faults:\n  - { id: f, type: process.kill, phase: p, target: { service: s }, params: { restartAfter: 40h } }\n`,
    'is not a duration',
  ],
  [
    `${head}${phases}faults:\n  - { id: f, type: message.poison, phase: p, target: { eventType: s }, params: { variant: rotten } }\n`,
    'write one of malformed, schema',
  ],
  [`${head}${phases}steps:\n  - { phase: p }\n`, 'the step does nothing'],
  [`${head}${pauses}steps:\n  - { phase: q, broker: rediss }\n`, '"rediss" is not known here; did you mean redis?'],
  [
    `${head}${phases}steps:\n  - { phase: p, broker: redis }\n`,
    'p sends messages, and none is taken while the lab moves',
  ],
  [
    `${head}broker: [local, kafka]\n${pauses}steps:\n  - { phase: q, broker: redis }\n`,
    'the scenario is for local, kafka',
  ],
  [
    `${head}${pauses}steps:\n  - { phase: q, replicas: { a: 2 }, abandon: true }\n`,
    'abandon is of a switch of the broker',
  ],
  [`${head}${pauses}steps:\n  - { phase: q, broker: redis, timeout: 0s }\n`, 'the switch has no time'],
  [
    `${head}${phases}assertions:\n  - { metric: consumer.lag, op: "<", value: 3, within: 3s }\n`,
    'within is the time after a fault',
  ],
  [
    `${head}${phases}assertions:\n  - { metric: publish.acked, group: a, op: "<", value: 3 }\n`,
    'publish.acked is of the whole lab',
  ],
  [
    `${head}${phases}assertions:\n  - { metric: consumer.lag, op: "<", value: 3s }\n`,
    'consumer.lag is a number of messages',
  ],
  [`${head}${phases}rollback: never\n`, '"never" is not known here'],
])('%j is refused', (text, wanted) => {
  expect(wordsOf(text).join('\n')).toContain(wanted)
})

test('what is wrong in one item hides nothing of another, and is reported once', () => {
  const problems = wordsOf(
    `${head}phases:\n  - { name: p, duration: later }\nfaults:\n  - { id: f, type: process.kill, target: { service: s }, phase: p }\n`,
  )
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('is not a duration')
})

test('a plan follows from file and seed', () => {
  const { scenario } = readScenario(`${head}${phases}  - { name: d, until: drained }
faults:
  - { id: f, type: handler.error, target: { service: consumer-db }, phase: p, startAt: 2s, percent: 20%, params: { stage: after } }
  - { id: g, type: process.kill, target: { service: consumer-db }, phase: p, seed: 9, params: { restartAfter: 1.5s } }
  - { id: h, type: process.kill, target: { service: consumer-db }, phase: p, through: d, params: { restartAfter: 60s } }
assertions:
  - { metric: delivery.latency.p99, op: "<", value: 1.5s }
`)
  if (!scenario) throw new Error('it can be read')
  const plan = planOf(scenario.file, 4)
  expect(plan.phases).toEqual([
    { name: 'p', durationMs: 10_000, arrivals: 50 },
    { name: 'd', until: 'drained', timeoutMs: 60_000, arrivals: 0 },
  ])
  expect(plan.faults[0]).toMatchObject({
    startAtMs: 2_000,
    endsWith: 'p',
    input: { percent: 20, params: { stage: 'after' } },
  })
  expect(plan.faults[1]).toMatchObject({ input: { seed: 9, params: { restartAfterMs: 1_500 } } })
  expect(plan.faults[1]?.endsWith).toBeUndefined()
  expect(plan.faults[2]).toMatchObject({ phase: 'p', endsWith: 'd', input: { params: { restartAfterMs: 60_000 } } })
  expect(plan.checks).toEqual([
    {
      ...{ kind: 'end', id: 'assertion-1', title: 'delivery.latency.p99 of each < 1.5s at the end' },
      condition: { metric: 'delivery.latency.p99', op: '<', value: 1_500 },
    },
  ])
  expect(planOf(scenario.file, 4)).toEqual(plan)
  expect(planOf(scenario.file, 5).faults[0]?.input.seed).not.toBe(plan.faults[0]?.input.seed)
})
