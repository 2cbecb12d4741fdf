import { z } from 'zod'
import { run, runInput, runItem, scenarioCheck, scenarioItem } from '#contracts/api/run.ts'
import { reportPage } from '#contracts/html-report/report-page.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import type { Runs } from '../../../runs/runs.ts'
import { answer, bodyProblems, problems } from '../../api-schema.ts'
import type { ZodApp } from '../../zod-app.ts'

const byId = z.object({ id: z.string() })
const tags = ['runs']

export function runRoutes(app: ZodApp, { runs }: { runs: Runs }): void {
  app.get(
    '/api/scenarios',
    {
      schema: {
        operationId: 'listScenarios',
        summary: 'The scenarios that are shipped',
        tags,
        response: { 200: answer('With their files.', z.object({ items: z.array(scenarioItem) })), ...problems() },
      },
    },
    async () => ({ items: await runs.scenarios() }),
  )
  app.post(
    '/api/scenarios/runs',
    {
      schema: {
        operationId: 'startRun',
        summary: 'Run a scenario',
        description:
          'Answers when it has begun; follow it with GET. One run at a time. Whatever becomes of it, its faults are healed and ' +
          'policies, subscriptions and replicas are made what they were. With `dryRun` nothing is run: the answer says what is ' +
          'wrong with the scenario in this lab.',
        tags,
        body: runInput,
        response: {
          200: answer('Of a dry run.', scenarioCheck),
          201: answer('It has begun.', run),
          ...problems(
            ...bodyProblems,
            'invalid_scenario',
            'unknown_scenario',
            'run_running',
            'broker_switching',
            'shutting_down',
          ),
        },
      },
    },
    async (request, reply) => {
      if (request.body.dryRun) return { problems: await runs.check(request.body) }
      const begun = await runs.start(request.body)
      return reply.status(201).header('location', `/api/scenarios/runs/${begun.id}`).send(begun)
    },
  )
  app.get(
    '/api/scenarios/runs',
    {
      schema: {
        operationId: 'listRuns',
        summary: 'Runs of scenarios, newest first',
        description: 'The one that goes on, and the last 200 that ended.',
        tags,
        response: { 200: answer('All that are kept.', z.object({ items: z.array(runItem) })), ...problems() },
      },
    },
    async () => ({ items: runs.list() }),
  )
  app.get(
    '/api/scenarios/runs/:id',
    {
      schema: {
        operationId: 'getRun',
        summary: 'A run: its phases, faults, checks and verdict',
        tags,
        params: byId,
        response: { 200: answer('As it is now.', run), ...problems('unknown_run') },
      },
    },
    (request) => runs.get(request.params.id),
  )
  app.post(
    '/api/scenarios/runs/:id/stop',
    {
      // `curl -X POST` without a body is enough.
      async preValidation(request) {
        request.body ??= {}
      },
      schema: {
        operationId: 'stopRun',
        summary: 'End a run early',
        description:
          'Answers when everything is rolled back. Its verdict is `inconclusive`. One that has ended is answered as it is.',
        tags,
        params: byId,
        body: z.strictObject({}),
        response: { 200: answer('As it ended.', run), ...problems(...bodyProblems, 'unknown_run') },
      },
    },
    (request) => runs.stop(request.params.id),
  )
  app.get(
    '/api/scenarios/runs/:id/journal',
    {
      schema: {
        operationId: 'getRunJournal',
        summary: 'The journal of a run',
        description:
          'JSON lines. They alone say what the verdict is: `faultline report FILE` reads them without a lab.',
        tags,
        params: byId,
        response: { 200: answer('Up to now.', z.string(), 'application/x-ndjson'), ...problems('unknown_run') },
      },
    },
    async (request, reply) => reply.type('application/x-ndjson').send(await runs.journal(request.params.id)),
  )
  app.get(
    '/api/scenarios/runs/:id/report.html',
    {
      schema: {
        operationId: 'getRunReport',
        summary: 'A run as one HTML file',
        description:
          'Verdict, narration, charts, checks, faults and the scenario file; it opens without the lab and without a network. Of a run ' +
          'that goes on, what there is up to now.',
        tags,
        params: byId,
        response: { 200: answer('To be saved.', z.string(), 'text/html'), ...problems('unknown_run') },
      },
    },
    async (request, reply) => {
      const { lines, problem } = readJournal(await runs.journal(request.params.id))
      return reply
        .type('text/html; charset=utf-8')
        .header('content-disposition', `attachment; filename="${request.params.id}.html"`)
        .send(reportPage(lines, problem === undefined ? {} : { problem }))
    },
  )
}
