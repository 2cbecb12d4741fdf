import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { until } from '../../../test/until.ts'
import { fileExists, head, openScriptedRuns } from './fixtures/opened-runs.ts'
import { scriptedLab } from './fixtures/scripted-lab.ts'

const moving = `${head}phases:
  - { name: before, duration: 200ms, arrivalRate: 50, type: user_signup }
  - { name: move, duration: 100ms }
  - { name: after, duration: 200ms, arrivalRate: 50, type: user_signup }
steps: [{ id: to-redis, phase: move, broker: redis, timeout: 9s }]
`

test('a step moves the lab, says so in the run, and the rollback brings it back', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  const { id, endsBy, startedAt } = await runs.start({ scenario: moving })
  // The switch, the way back, the audit and the phases.
  expect(Date.parse(endsBy ?? '') - Date.parse(startedAt)).toBe(9_000 + 60_000 + 180_000 + 120_000 + 500)
  const run = await ended(id)
  expect(run).toMatchObject({
    ...{ verdict: 'pass', broker: 'local', sample: { due: 20, acked: 20 } },
    steps: [
      { id: 'to-redis', failed: false, detail: 'moved the lab from local to redis in 1.2s' },
      { id: 'rollback', failed: false, detail: 'moved the lab from redis to local in 1.2s' },
    ],
  })
  const moves = run.narration?.flatMap(({ parts }) => parts.filter(({ text }) => text.startsWith('moved the lab')))
  expect(moves?.map(({ text }) => text.split(' in ')[0])).toEqual([
    'moved the lab from local to redis',
    'moved the lab from redis to local',
  ])
  expect(world.switches).toEqual(['redis', 'local'])
  expect(world.broker).toBe('local')
})

test('a switch that was refused or did not end leaves the run inconclusive, with the reason', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  world.switchProblem = 'the switch to redis did not end within 9 s'
  const { id } = await runs.start({ scenario: moving })
  expect(await ended(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['step to-redis failed: the switch to redis did not end within 9 s'],
  })
  expect(world.broker).toBe('local')
})

test('a run that is stopped while the lab moves cancels the switch', async () => {
  const { world, runs } = await openScriptedRuns()
  let isMoving = false
  world.lab.switchTo = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      isMoving = true
      signal?.addEventListener('abort', () => reject(new Error('the switch to redis was cut short')))
    })
  const { id } = await runs.start({ scenario: moving })
  await until('the switch', async () => isMoving)
  expect(await runs.stop(id)).toMatchObject({
    reasons: ['the run was stopped', 'step to-redis failed: the switch to redis was cut short'],
  })
})

test('the way back leaves behind what does not drain, and what cannot be brought back is a note', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  const { switchTo } = world.lab
  const asked: boolean[] = []
  world.lab.switchTo = async (to, how) => {
    if (to === 'redis') return switchTo(to, how)
    asked.push(how.abandon)
    if (!how.abandon) throw new Error('it did not end')
    return { ...(await switchTo(to, how)), abandoned: 3 }
  }
  const { id } = await runs.start({ scenario: moving })
  expect((await ended(id)).steps.at(-1)).toMatchObject({
    ...{ id: 'rollback', detail: 'moved the lab from redis to local in 1.2s; 3 messages stayed behind on redis' },
  })
  expect(asked).toEqual([false, true])
  world.lab.switchTo = async (to, how) => {
    if (to === 'redis') return switchTo(to, how)
    throw new Error('local does not answer')
  }
  const { id: next } = await runs.start({ scenario: moving })
  const second = 'the lab could not be brought back to local, and runs on redis: local does not answer'
  expect((await ended(next)).notes).toEqual([second])
})

test('a broker that the lab does not have is reported at its line, and so is one that the scenario is not for', async () => {
  const { runs } = await openScriptedRuns()
  expect(await runs.check({ scenario: moving.replace('broker: redis', 'broker: kafka') })).toMatchObject([
    { line: 8, path: '/steps/0/broker', cause: 'this lab has no kafka now', remedy: 'kafka is not on this machine' },
  ])
  expect(await runs.check({ scenario: `${moving}broker: local\n` })).toMatchObject([
    { path: '/steps/0/broker', cause: 'the scenario is for local' },
  ])
})

test('a lab that was moved by a run of an earlier process is brought back', async () => {
  const folder = await temporaryFolder('runs')
  const world = scriptedLab()
  const { subscriptions, replicas } = world
  const undo = { id: 'r-1', startedAt: new Date().toISOString(), faultSeeds: [], subscriptions, replicas }
  await writeFile(join(folder, 'undo.json'), JSON.stringify({ ...undo, eventTypes: [], broker: 'local' }))
  world.broker = 'redis'
  const { runs, undo: path } = await openScriptedRuns(world, folder)
  await runs.recover()
  expect([world.broker, await fileExists(path)]).toEqual(['local', false])
})
