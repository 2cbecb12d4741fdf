import { expect, test } from 'vitest'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { until } from '../../../test/until.ts'
import { fileExists, head, long, openScriptedRuns, short } from './fixtures/opened-runs.ts'
import { scriptedLab } from './fixtures/scripted-lab.ts'

test('a run sends what is due, is audited, passes, and is kept with a journal that says the same', async () => {
  const { world, runs, ended, undo, messages } = await openScriptedRuns()
  const { id, endsBy } = await runs.start({ scenario: short, seed: 9 })
  expect(endsBy).toBeDefined()
  const run = await ended(id)
  expect(run).toMatchObject({ verdict: 'pass', reasons: [], seed: 9, sample: { due: 15, sent: 15, acked: 15 } })
  expect(world.published).toHaveLength(15)
  expect(world.audits).toBe(1)
  expect(narratedRun(readJournal(await runs.journal(id)).lines)).toEqual(run)
  expect(runs.list()).toMatchObject([{ id, verdict: 'pass' }])
  expect(messages).toEqual([`the scenario small began (${id}, seed 9)`, `the scenario small ended (${id}): pass`])
  expect(await fileExists(undo)).toBe(false)
  await runs.close()
})

test('the same seed sends the same messages, another seed others', async () => {
  const digests: string[] = []
  const bodies: string[] = []
  for (const seed of [4, 4, 5]) {
    const { world, runs, ended } = await openScriptedRuns()
    const { id } = await runs.start({ scenario: short, seed })
    digests.push((await ended(id)).eventsDigest ?? '')
    bodies.push(world.published.map(({ body }) => body).join())
  }
  expect(digests[1]).toBe(digests[0])
  expect(bodies[1]).toBe(bodies[0])
  expect(digests[2]).not.toBe(digests[0])
})

test('what falls due between the last look and the end of a phase is sent and done', async () => {
  const world = scriptedLab()
  // Each look at the lab takes longer than the phase, by the clock of the run.
  let late = 0
  const { report } = world.lab
  world.lab.report = () => {
    late += 400
    return report()
  }
  const { runs, ended } = await openScriptedRuns(world, undefined, () => Date.now() + late)
  const { id } = await runs.start({
    scenario: `${short}faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p, startAt: 250ms }]
steps: [{ id: more, phase: p, startAt: 200ms, replicas: { consumer-db: 4 } }]
`,
  })
  expect(await ended(id)).toMatchObject({
    ...{ verdict: 'pass', reasons: [], sample: { due: 15, sent: 15 } },
    ...{
      steps: [
        { id: 'more', failed: false },
        { id: 'rollback', detail: 'scaled consumer-db back to 2', failed: false },
      ],
      faults: [{ id: 'slow', state: 'healed' }],
    },
  })
})

test('checks are looked at while a fault is still being healed', async () => {
  const world = scriptedLab()
  const { runs, ended } = await openScriptedRuns(world)
  const { heal } = world.lab.faults
  const slow = `{ type: handler.latency, target: { service: consumer-db }, phase: p`
  let isHealing = false
  world.lab.faults.heal = async (fault) => {
    if (fault === 'f-2') {
      isHealing = true
      world.lag.set('consumer-db', 0)
      await until('the check', async () => (await runs.get(id)).checks.some(({ result }) => result === 'pass'))
    }
    return heal(fault)
  }
  world.lag.set('consumer-db', 7)
  const { id } = await runs.start({
    scenario: `${short.replace(/invariants.*\n/, '')}faults: [${slow}, id: quick }, ${slow}, id: stuck }]
assertions: [{ id: heals, after: quick, within: 60s, metric: consumer.lag, group: consumer-db, op: "==", value: 0 }]
`,
  })
  expect(await ended(id)).toMatchObject({ verdict: 'pass', checks: [{ id: 'heals', result: 'pass' }] })
  expect([isHealing, world.faults.map(({ state }) => state)]).toEqual([true, ['healed', 'healed']])
})

test('one run at a time: the second is answered which one and until when, and a stop takes everything back', async () => {
  const { world, runs, undo } = await openScriptedRuns()
  const before = structuredClone({ subscriptions: world.subscriptions, replicas: world.replicas })
  const { id } = await runs.start({ scenario: long })
  await until(
    'the fault and the step',
    async () => world.faults[0]?.state === 'active' && world.replicas['consumer-db'] === 4,
  )
  expect(world.subscriptions[0]?.retryPolicy.maximumAttempts).toBe(3)
  expect(await fileExists(undo)).toBe(true)
  await expect(runs.start({ scenario: short })).rejects.toMatchObject({
    code: 'run_running',
    message: expect.stringContaining(id),
  })
  const run = await runs.stop(id)
  expect(run).toMatchObject({ state: 'ended', verdict: 'inconclusive', reasons: ['the run was stopped'] })
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
  expect({ subscriptions: world.subscriptions, replicas: world.replicas }).toEqual(before)
  expect(world.made).toEqual([])
  expect(await fileExists(undo)).toBe(false)
  expect(await runs.stop(id)).toEqual(run)
})

test('an abort condition fails the run and takes everything back', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  const { id } = await runs.start({ scenario: long })
  await until('the fault', async () => world.faults[0]?.state === 'active')
  world.lost = 2
  const run = await ended(id)
  expect(run.verdict).toBe('fail')
  expect(run.reasons[0]).toBe('aborted by lost: ledger.lost_message > 0: 2, aborts at > 0')
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
})

test('a run whose fault took no effect does not pass, though all else is well', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  world.takesEffect = false
  const { id } = await runs.start({
    scenario: `${short}faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p }]\n`,
  })
  expect(await ended(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['slow (handler.latency) was never seen to take effect'],
  })
})

test('a lab that is not in its steady state is left alone', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  world.lag.set('consumer-db', 7)
  const { id } = await runs.start({
    scenario: `${short}steadyState: [{ id: idle, metric: consumer.lag, op: "==", value: 0, within: 300ms }]\n`,
  })
  const run = await ended(id)
  expect(run.verdict).toBe('inconclusive')
  expect(run.checks.find((check) => check.id === 'idle')).toMatchObject({
    result: 'fail',
    values: { 'consumer-db': 7 },
  })
  expect(world.published).toEqual([])
})

test('what is wrong with a scenario is reported with lines, in a dry run too, and nothing is run', async () => {
  const { world, runs } = await openScriptedRuns()
  const wrong = `${short}faults: [{ id: a, type: process.kill, target: { service: consumer-bd }, phase: p }]\n`
  const problems = await runs.check({ scenario: wrong })
  expect(problems).toMatchObject([{ line: 6, path: '/faults/0/target/service', remedy: 'did you mean consumer-db?' }])
  await expect(runs.start({ scenario: wrong })).rejects.toMatchObject({
    code: 'invalid_scenario',
    extra: { errors: [{ path: '/faults/0/target/service', line: 6 }] },
  })
  await expect(runs.start({ name: 'hot-kez' })).rejects.toMatchObject({
    code: 'unknown_scenario',
    message: expect.stringContaining('did you mean hot-key?'),
  })
  await expect(runs.start({})).rejects.toMatchObject({ code: 'invalid_body' })
  await expect(runs.start({ scenario: short, broker: 'kafka' })).rejects.toMatchObject({ code: 'invalid_scenario' })
  await expect(runs.get('r-none')).rejects.toMatchObject({ code: 'unknown_run' })
  await expect(runs.journal('../../etc/passwd')).rejects.toMatchObject({ code: 'unknown_run' })
  expect([world.published, world.faults, runs.list()]).toEqual([[], [], []])
})

test('a scenario for another lab is refused at its line, and nothing is run', async () => {
  const { world, runs } = await openScriptedRuns()
  world.lab.name = () => 'shop'
  expect(await runs.check({ scenario: `${short}lab: shop\n` })).toEqual([])
  const refused = { line: 6, path: '/lab', cause: 'the lab is "shop", not "default"' }
  expect(await runs.check({ scenario: `${short}lab: default\n` })).toMatchObject([refused])
  await expect(runs.start({ scenario: `${short}lab: default\n` })).rejects.toMatchObject({ code: 'invalid_scenario' })
  expect([world.published, runs.list()]).toEqual([[], []])
})

test('a fault that the lab cannot have, and data that a schema refuses, are reported at their places', async () => {
  const { world, runs } = await openScriptedRuns()
  world.lab.faultErrors = () => [{ path: '/params/restartAfterMs', message: 'too long' }]
  world.lab.validator = () => async () => [{ path: '/email', message: 'must match format "email"' }]
  const wrong = `${head}events: { user_signup: { data: { email: none } } }
phases: [{ name: p, duration: 1s, arrivalRate: 5, type: user_signup }]
faults: [{ id: a, type: process.kill, target: { service: consumer-db }, phase: p, params: { restartAfter: 3s } }]
`
  expect(await runs.check({ scenario: wrong })).toMatchObject([
    {
      line: 4,
      path: '/events/user_signup/data/email',
      cause: 'the schema of user_signup refuses it: must match format "email"',
    },
    { line: 6, path: '/faults/0/params/restartAfter', cause: 'this lab cannot have the fault: too long' },
  ])
})
