import { expect, test } from 'vitest'
import { until } from '../../../test/until.ts'
import { head, openScriptedRuns } from './fixtures/opened-runs.ts'

test('a phase with until: observed goes on until its fault was seen and its check has held, and heals the fault then', async () => {
  const { world, runs, ended } = await openScriptedRuns()
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
  const { world, runs, ended } = await openScriptedRuns()
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

test('what was seen since the last look counts when the time of a phase is up', async () => {
  let at = Date.now()
  const { world, runs, ended } = await openScriptedRuns(undefined, undefined, () => at)
  world.takesEffect = false
  const { id } = await runs.start({
    scenario: `${head}phases: [{ name: p, duration: 1ms, until: observed, timeout: 200ms }]
faults: [{ id: slow, type: handler.latency, target: { service: consumer-db }, phase: p }]
`,
  })
  await until('the first look', async () => (await runs.get(id)).sample !== undefined)
  await until('the fault', async () => world.faults.length === 1)
  const [slow] = world.faults
  if (!slow) throw new Error('it was injected')
  world.faults = [{ ...slow, state: 'active', observedAt: new Date(at).toISOString(), hits: 1 }]
  // Less than the time between two looks.
  at += 201
  expect(await ended(id)).toMatchObject({ verdict: 'pass', reasons: [] })
})
