import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { run, runItem } from '#contracts/api/run.ts'
import { problem } from '#contracts/errors.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { until } from '../../../test/until.ts'
import { createAccessToken } from '../access/access-token.ts'
import { createRequestGuard } from '../access/request-guard.ts'
import { scriptedLab } from '../runs/fixtures/scripted-lab.ts'
import { openRunJournals } from '../runs/run-journals.ts'
import { openRuns } from '../runs/runs.ts'
import { scenariosIn } from '../runs/shipped-scenarios.ts'
import { openUndoStore } from '../runs/undo.ts'
import { createApi } from './create-api.ts'
import { runRoutes } from './routes/run-routes.ts'

const log = pino({ level: 'silent' })
const scenario = `apiVersion: faultline/v1
kind: Scenario
metadata: { name: small }
phases: [{ name: p, duration: 1h, arrivalRate: 5, type: user_signup }]
`

async function open() {
  const folder = await temporaryFolder('run-api')
  const runs = await openRuns({
    ...{ lab: scriptedLab().lab, log, journals: openRunJournals(join(folder, 'runs'), log) },
    undoStore: openUndoStore(join(folder, 'undo.json')),
    scenarios: () => scenariosIn('scenarios'),
  })
  const app = await createApi({
    ...{ version: '0.0.0', token: createAccessToken(undefined), log, checkAnswers: true },
    guard: createRequestGuard({ host: '127.0.0.1', allowedHosts: [] }),
    routes: (api) => runRoutes(api, { runs }),
  })
  return { app, runs }
}

test('a run is begun, followed, stopped and read again; a second one is a conflict', async () => {
  const { app } = await open()
  const begun = await app.inject({ method: 'POST', url: '/api/runs', payload: { scenario } })
  expect(begun.statusCode).toBe(201)
  const { id } = run.parse(begun.json())
  expect(begun.headers.location).toBe(`/api/runs/${id}`)
  await until('the phase', async () => run.parse((await app.inject(`/api/runs/${id}`)).json()).state === 'running')
  const second = await app.inject({ method: 'POST', url: '/api/runs', payload: { scenario } })
  expect(second.statusCode).toBe(409)
  expect(problem.parse(second.json())).toMatchObject({
    code: 'run_running',
    detail: expect.stringContaining(`small (${id}) runs until`),
  })
  const stopped = await app.inject({ method: 'POST', url: `/api/runs/${id}/stop` })
  expect(run.parse(stopped.json())).toMatchObject({ id, state: 'ended', verdict: 'inconclusive' })
  const journal = await app.inject(`/api/runs/${id}/journal`)
  expect(journal.headers['content-type']).toContain('application/x-ndjson')
  expect(
    journal.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind),
  ).toEqual(expect.arrayContaining(['run', 'cut', 'end']))
  const { items } = (await app.inject('/api/runs')).json()
  expect(runItem.array().parse(items)).toMatchObject([{ id, verdict: 'inconclusive' }])
  await app.close()
})

test('a scenario that is not valid is a problem document with a line for each mistake; a dry run answers the same', async () => {
  const { app } = await open()
  const wrong = scenario.replace('user_signup', 'user_signin')
  const refused = await app.inject({ method: 'POST', url: '/api/runs', payload: { scenario: wrong } })
  expect(refused.statusCode).toBe(400)
  expect(problem.parse(refused.json())).toMatchObject({
    code: 'invalid_scenario',
    errors: [
      {
        path: '/phases/0/type',
        line: 4,
        message: 'the lab has no event type "user_signin"; did you mean user_signup?',
      },
    ],
  })
  const dry = await app.inject({ method: 'POST', url: '/api/runs', payload: { scenario: wrong, dryRun: true } })
  expect(dry.json()).toMatchObject({ problems: [{ line: 4, remedy: 'did you mean user_signup?' }] })
  const right = await app.inject({ method: 'POST', url: '/api/runs', payload: { scenario, dryRun: true } })
  expect(right.json()).toEqual({ problems: [] })
  await app.close()
})

test('what is unknown is told so, and the shipped scenarios are listed', async () => {
  const { app } = await open()
  expect((await app.inject('/api/runs/r-none')).json()).toMatchObject({ code: 'unknown_run' })
  expect(
    (await app.inject({ method: 'POST', url: '/api/runs', payload: { name: 'poison-mesage' } })).json(),
  ).toMatchObject({
    code: 'unknown_scenario',
    detail: 'there is no scenario "poison-mesage"; did you mean poison-message?',
  })
  const { items } = (await app.inject('/api/scenarios')).json()
  expect(items.map(({ name }: { name: string }) => name)).toContain('consumer-crash-and-retry')
  await app.close()
})
