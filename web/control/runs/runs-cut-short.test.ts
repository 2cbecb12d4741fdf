import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { until } from '../../../test/until.ts'
import { fileExists, log, long, openScriptedRuns, short } from './fixtures/opened-runs.ts'
import { scriptedLab } from './fixtures/scripted-lab.ts'
import { openRunJournals } from './run-journals.ts'

test('a run that nobody asks for any more is stopped, says so, and takes everything back', async () => {
  const { world, runs } = await openScriptedRuns()
  const { id } = await runs.start({ scenario: long, abandonAfterMs: 1_000 })
  await until('the fault', async () => (await runs.get(id)).state === 'running' && world.faults[0]?.state === 'active')
  // A list is no question after this run.
  await until('the end of the run', async () => runs.list()[0]?.state === 'ended')
  expect(await runs.get(id)).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['nobody had asked for the run for 1s: who began it is gone'],
  })
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
})

test('a run that somebody follows is not stopped until nobody does any more', async () => {
  const { world, runs } = await openScriptedRuns()
  const { id } = await runs.start({ scenario: long, abandonAfterMs: 1_000 })
  // Ten of them take a second at the least.
  let looks = 0
  await until('three times that long', async () => {
    expect(runs.lines(id)).toBeDefined()
    looks += 1
    return looks > 30
  })
  expect(runs.list()[0]?.endedAt).toBeUndefined()
  await until('the end of the run', async () => runs.list()[0]?.state === 'ended')
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
})

test('a sidecar that was killed before the lab was steady spoils no run', async () => {
  const { world, runs, ended } = await openScriptedRuns()
  world.lag.set('consumer-db', 5)
  const steady = 'steadyState: [{ metric: consumer.lag, group: consumer-db, op: "<", value: 1, within: 10m }]'
  const { id } = await runs.start({ scenario: `${short}${steady}\n` })
  await until('the wait for a steady state', async () => (await runs.get(id)).state === 'steady_state')
  world.lostSidecars.set('consumer-db', 2)
  world.lag.set('consumer-db', 0)
  expect(await ended(id)).toMatchObject({ verdict: 'pass', reasons: [] })
})

test('a run in which a sidecar was killed is inconclusive, and one after it is not', async () => {
  const { world, runs, ended } = await openScriptedRuns()
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

test('a run that web died in is inconclusive, and its faults are healed when web is back', async () => {
  const first = await openScriptedRuns()
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
  const second = await openScriptedRuns(world, folder)
  await expect(second.runs.start({ scenario: short })).rejects.toMatchObject({ code: 'run_running' })
  // Who follows it is not told an end before everything is taken back.
  const before = await second.runs.get(id)
  expect([before.state, before.verdict, before.reasons]).toEqual(['rolling_back', undefined, []])
  expect(second.runs.list()).toMatchObject([{ id, state: 'rolling_back' }])
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
  const { world, runs } = await openScriptedRuns()
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

test('a disk that takes no journal ends no run', async () => {
  const world = scriptedLab()
  const folder = await temporaryFolder('runs')
  await writeFile(join(folder, 'runs'), 'a file where the folder should be')
  const { runs } = await openScriptedRuns(world, folder)
  const { id } = await runs.start({ scenario: long })
  await until('the fault', async () => world.faults[0]?.state === 'active')
  expect(await runs.stop(id)).toMatchObject({ state: 'ended', verdict: 'inconclusive' })
  expect(narratedRun(readJournal(await runs.journal(id)).lines)).toEqual(await runs.get(id))
  expect(world.faults.map(({ state }) => state)).toEqual(['healed'])
  expect(runs.list()).toMatchObject([{ id, verdict: 'inconclusive' }])
})
