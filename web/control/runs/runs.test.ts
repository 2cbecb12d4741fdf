import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { until } from '../../../test/until.ts'
import { type ScriptedLab, scriptedLab } from './fixtures/scripted-lab.ts'
import { scriptedRuns } from './fixtures/scripted-runs.ts'
import { openRunJournals } from './run-journals.ts'

const log = pino({ level: 'silent' })
const head = 'apiVersion: faultline/v1\nkind: Scenario\nmetadata: { name: small }\n'
const short = `${head}phases: [{ name: p, duration: 300ms, arrivalRate: 50, type: user_signup }]
invariants: [at-least-once]
`
/** It lasts until it is stopped. */
const long = `${head}retryPolicy: { maximumAttempts: 3, initialInterval: 100ms }
phases: [{ name: p, duration: 1h, arrivalRate: 5, type: user_signup }]
faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p }]
steps: [{ id: more, phase: p, replicas: { consumer-db: 4 }, eventType: { name: refund, schema: { type: object }, example: {} } }]
abortOn: [{ id: lost, metric: ledger.lost_message, op: ">", value: 0 }]
`

async function open(world: ScriptedLab = scriptedLab(), folder?: string, now?: () => number) {
  const dir = folder ?? (await temporaryFolder('runs'))
  const undo = join(dir, 'undo.json')
  const told: string[] = []
  const runs = await scriptedRuns(dir, world, told, now)
  const ended = (id: string) =>
    until('the end of the run', async () => {
      const run = await runs.get(id)
      return run.state === 'ended' ? run : undefined
    })
  return { world, runs, ended, told, folder: dir, undo }
}

const fileExists = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    () => false,
  )

test('a run sends what is due, is audited, passes, and is kept with a journal that says the same', async () => {
  const { world, runs, ended, undo, told } = await open()
  const { id, endsBy } = await runs.start({ scenario: short, seed: 9 })
  expect(endsBy).toBeDefined()
  const run = await ended(id)
  expect(run).toMatchObject({ verdict: 'pass', reasons: [], seed: 9, sample: { due: 15, sent: 15, acked: 15 } })
  expect(world.published).toHaveLength(15)
  expect(world.audits).toBe(1)
  expect(narratedRun(readJournal(await runs.journal(id)).lines)).toEqual(run)
  expect(runs.list()).toMatchObject([{ id, verdict: 'pass' }])
  expect(told).toEqual([`the scenario small began (${id}, seed 9)`, `the scenario small ended (${id}): pass`])
  expect(await fileExists(undo)).toBe(false)
  await runs.close()
})

test('the same seed sends the same messages, another seed others', async () => {
  const digests: string[] = []
  const bodies: string[] = []
  for (const seed of [4, 4, 5]) {
    const { world, runs, ended } = await open()
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
  const { runs, ended } = await open(world, undefined, () => Date.now() + late)
  const { id } = await runs.start({
    scenario: `${short}faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p, startAt: 250ms }]
steps: [{ id: more, phase: p, startAt: 200ms, replicas: { consumer-db: 4 } }]
`,
  })
  expect(await ended(id)).toMatchObject({
    ...{ verdict: 'pass', reasons: [], sample: { due: 15, sent: 15 } },
    ...{ steps: [{ id: 'more', failed: false }], faults: [{ id: 'slow', state: 'healed' }] },
  })
})

test('checks are looked at while a fault is still being healed', async () => {
  const world = scriptedLab()
  const { runs, ended } = await open(world)
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

test('one run at a time: the second is told which one and until when, and a stop takes everything back', async () => {
  const { world, runs, undo } = await open()
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

test('a run that nobody asks for any more is stopped, says so, and takes everything back', async () => {
  const { world, runs } = await open()
  const { id } = await runs.start({ scenario: long, abandonAfterMs: 1_000 })
  // A list is no question after this run.
  await until('the end of the run', async () => runs.list()[0]?.state === 'ended')
  expect(await runs.get(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['nobody had asked for the run for 1s: who began it is gone'],
  })
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
})

test('a run in which a sidecar was killed is inconclusive, and one after it is not', async () => {
  const { world, runs, ended } = await open()
  const { id } = await runs.start({ scenario: short })
  await until('a message', async () => world.published.length > 0)
  world.lostSidecars.set('consumer-db', 2)
  expect(await ended(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: [expect.stringContaining('the sidecar of consumer-db was killed during the run')],
  })
  const after = await runs.start({ scenario: short })
  expect(await ended(after.id)).toMatchObject({ verdict: 'pass', reasons: [] })
})

test('an abort condition fails the run and takes everything back', async () => {
  const { world, runs, ended } = await open()
  const { id } = await runs.start({ scenario: long })
  await until('the fault', async () => world.faults[0]?.state === 'active')
  world.lost = 2
  const run = await ended(id)
  expect(run.verdict).toBe('fail')
  expect(run.reasons[0]).toBe('aborted by lost: ledger.lost_message > 0: 2, aborts at > 0')
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
})

test('a run whose fault took no effect does not pass, though all else is well', async () => {
  const { world, runs, ended } = await open()
  world.takesEffect = false
  const { id } = await runs.start({
    scenario: `${short}faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p }]\n`,
  })
  expect(await ended(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['slow (handler.latency) was never seen to take effect'],
  })
})

test('a phase with until: observed goes on until its fault was seen and its check has held, and heals the fault then', async () => {
  const { world, runs, ended } = await open()
  world.takesEffect = false
  const { id } = await runs.start({
    scenario: `${head}phases:
  - { name: p, duration: 100ms, arrivalRate: 50, type: user_signup, until: observed, timeout: 10m }
  - { name: q, duration: 100ms }
faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p }]
assertions: [{ id: seen, at: once, phase: p, metric: consumer.lag, group: consumer-db, op: ">", value: 5 }]
`,
  })
  const looks = (count: number) => {
    const { list } = world.lab.faults
    let left = count
    const all = new Promise<void>((resolve) => {
      world.lab.faults.list = () => {
        left -= 1
        if (left === 0) resolve()
        return list()
      }
    })
    return all.finally(() => {
      world.lab.faults.list = list
    })
  }
  await until('the fault', async () => world.faults.length === 1)
  await looks(3)
  const [slow] = world.faults
  if (!slow) throw new Error('it was injected')
  world.faults = [{ ...slow, state: 'active', observedAt: new Date().toISOString(), hits: 1 }]
  await looks(3)
  expect((await runs.get(id)).phases).toMatchObject([{ until: 'observed' }, { name: 'q' }])
  expect((await runs.get(id)).phases[0]?.endedAt).toBeUndefined()
  world.lag.set('consumer-db', 7)
  const run = await ended(id)
  expect(run).toMatchObject({ verdict: 'pass', reasons: [], sample: { due: 5 }, faults: [{ state: 'healed' }] })
  expect(run.phases[1]?.beganAt).toBeDefined()
})

test('a phase that waits in vain for its fault ends after its timeout, and the run does not pass', async () => {
  const { world, runs, ended } = await open()
  world.takesEffect = false
  const { id } = await runs.start({
    scenario: `${head}phases: [{ name: p, duration: 100ms, until: observed, timeout: 200ms }]
faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p }]
`,
  })
  expect(await ended(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: [
      'slow (handler.latency) was never seen to take effect',
      'the phase p: what it waits for was not seen in time',
    ],
  })
})

test('a lab that is not in its steady state is left alone', async () => {
  const { world, runs, ended } = await open()
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

test('a run that web died in is inconclusive, and its faults are healed when web is back', async () => {
  const first = await open()
  const { id } = await first.runs.start({ scenario: long })
  await until('the fault', async () => first.world.faults[0]?.state === 'active')
  const journal = await first.runs.journal(id)
  const undo = await readFile(first.undo, 'utf8')
  await first.runs.close()
  // As the first process left it when it was killed: the same lab, and the files of the moment before.
  const folder = await temporaryFolder('runs')
  await writeFile(join(folder, 'undo.json'), undo)
  const world = first.world
  world.faults = world.faults.map(({ healedAt: _, ...fault }) => ({ ...fault, state: 'active' }))
  world.replicas['consumer-db'] = 4
  await openRunJournals(join(folder, 'runs'), log).append(id, readJournal(journal).lines)
  const second = await open(world, folder)
  await expect(second.runs.start({ scenario: short })).rejects.toMatchObject({ code: 'run_running' })
  await second.runs.recover()
  const run = await second.runs.get(id)
  expect(run).toMatchObject({ state: 'ended', verdict: 'inconclusive' })
  expect(run.reasons[0]).toBe('the control plane ended during the run; its faults were healed when it came back')
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
  expect(world.replicas['consumer-db']).toBe(2)
  expect(await fileExists(second.undo)).toBe(false)
  expect(second.runs.list()).toMatchObject([{ id, verdict: 'inconclusive' }])
})

test('a run that is under way when web stops is inconclusive, and everything is taken back before it ends', async () => {
  const { world, runs } = await open()
  const { id } = await runs.start({ scenario: long })
  await until('the fault', async () => world.faults[0]?.state === 'active')
  await runs.close()
  expect(await runs.get(id)).toMatchObject({
    state: 'ended',
    verdict: 'inconclusive',
    reasons: ['the lab was stopped during the run'],
  })
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
  await expect(runs.start({ scenario: short })).rejects.toMatchObject({ code: 'shutting_down' })
})

test('what is wrong with a scenario is told with lines, in a dry run too, and nothing is run', async () => {
  const { world, runs } = await open()
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
  const { world, runs } = await open()
  world.lab.name = () => 'shop'
  expect(await runs.check({ scenario: `${short}lab: shop\n` })).toEqual([])
  const refused = { line: 6, path: '/lab', cause: 'the lab is "shop", not "default"' }
  expect(await runs.check({ scenario: `${short}lab: default\n` })).toMatchObject([refused])
  await expect(runs.start({ scenario: `${short}lab: default\n` })).rejects.toMatchObject({ code: 'invalid_scenario' })
  expect([world.published, runs.list()]).toEqual([[], []])
})

test('a fault that the lab cannot have, and data that a schema refuses, are told at their places', async () => {
  const { world, runs } = await open()
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

test('a disk that takes no journal ends no run', async () => {
  const world = scriptedLab()
  const folder = await temporaryFolder('runs')
  await writeFile(join(folder, 'runs'), 'a file where the folder should be')
  const { runs } = await open(world, folder)
  const { id } = await runs.start({ scenario: long })
  await until('the fault', async () => world.faults[0]?.state === 'active')
  expect(await runs.stop(id)).toMatchObject({ state: 'ended', verdict: 'inconclusive' })
  expect(narratedRun(readJournal(await runs.journal(id)).lines)).toEqual(await runs.get(id))
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
  expect(runs.list()).toMatchObject([{ id, verdict: 'inconclusive' }])
})
