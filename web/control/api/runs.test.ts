import { expect, test } from 'vitest'
import { run, runItem } from '#contracts/api/run.ts'
import { problem } from '#contracts/errors.ts'
import { reportPage } from '#contracts/html-report/report-page.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { until } from '../../../test/until.ts'
import { openTestApi } from './fixtures/test-api.ts'

const scenario = `apiVersion: faultline/v1
kind: Scenario
metadata: { name: small }
phases: [{ name: p, duration: 1h, arrivalRate: 5, type: user_signup }]
`

test('a run is begun, followed, stopped and read again; a second one is a conflict', async () => {
  const { app } = await openTestApi()
  const begun = await app.inject({ method: 'POST', url: '/api/scenarios/runs', payload: { scenario } })
  expect(begun.statusCode).toBe(201)
  const { id } = run.parse(begun.json())
  expect(begun.headers.location).toBe(`/api/scenarios/runs/${id}`)
  await until(
    'the phase',
    async () => run.parse((await app.inject(`/api/scenarios/runs/${id}`)).json()).state === 'running',
  )
  const second = await app.inject({ method: 'POST', url: '/api/scenarios/runs', payload: { scenario } })
  expect(second.statusCode).toBe(409)
  expect(problem.parse(second.json())).toMatchObject({
    code: 'run_running',
    detail: expect.stringContaining(`small (${id}) runs until`),
  })
  const stopped = await app.inject({ method: 'POST', url: `/api/scenarios/runs/${id}/stop` })
  expect(run.parse(stopped.json())).toMatchObject({ id, state: 'ended', verdict: 'inconclusive' })
  const journal = await app.inject(`/api/scenarios/runs/${id}/journal`)
  expect(journal.headers['content-type']).toContain('application/x-ndjson')
  expect(
    journal.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind),
  ).toEqual(expect.arrayContaining(['run', 'cut', 'end']))
  const report = await app.inject(`/api/scenarios/runs/${id}/report.html`)
  expect(report.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': `attachment; filename="${id}.html"`,
  })
  expect(report.body).toBe(reportPage(readJournal(journal.body).lines))
  expect((await app.inject('/api/scenarios/runs/r-none/report.html')).statusCode).toBe(404)
  const { items } = (await app.inject('/api/scenarios/runs')).json()
  expect(runItem.array().parse(items)).toMatchObject([{ id, verdict: 'inconclusive' }])
  await app.close()
})

test('a scenario that is not valid is a problem document with a line for each mistake; a dry run answers the same', async () => {
  const { app } = await openTestApi()
  const wrong = scenario.replace('user_signup', 'user_signin')
  const refused = await app.inject({ method: 'POST', url: '/api/scenarios/runs', payload: { scenario: wrong } })
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
  const dry = await app.inject({
    method: 'POST',
    url: '/api/scenarios/runs',
    payload: { scenario: wrong, dryRun: true },
  })
  expect(dry.json()).toMatchObject({ problems: [{ line: 4, remedy: 'did you mean user_signup?' }] })
  const right = await app.inject({ method: 'POST', url: '/api/scenarios/runs', payload: { scenario, dryRun: true } })
  expect(right.json()).toEqual({ problems: [] })
  await app.close()
})

test('what is unknown is answered so, and the shipped scenarios are listed', async () => {
  const { app } = await openTestApi()
  expect((await app.inject('/api/scenarios/runs/r-none')).json()).toMatchObject({ code: 'unknown_run' })
  expect(
    (await app.inject({ method: 'POST', url: '/api/scenarios/runs', payload: { name: 'poison-mesage' } })).json(),
  ).toMatchObject({
    code: 'unknown_scenario',
    detail: 'there is no scenario "poison-mesage"; did you mean poison-message?',
  })
  const { items } = (await app.inject('/api/scenarios')).json()
  expect(items.map(({ name }: { name: string }) => name)).toContain('consumer-crash-and-retry')
  await app.close()
})
