import { z } from 'zod'
import { labInput, labPlan, labPutQuery, labSaveInput, labView } from '#contracts/api/lab.ts'
import type { LabService } from '../../lab-changes/lab-service.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function labRoutes(
  app: ZodApp,
  { labService, asyncApi }: { labService: LabService; asyncApi: () => Record<string, unknown> },
): void {
  app.get(
    '/api/lab',
    {
      schema: {
        operationId: 'getLab',
        summary: 'The lab that runs, and the text that declares it',
        tags: ['lab'],
        response: { 200: answer('Declaration, text and revision.', labView), ...problems() },
      },
    },
    () => labService.view(),
  )
  app.put(
    '/api/lab',
    {
      schema: {
        operationId: 'changeLab',
        summary: 'Change the lab while it runs, or say what a change would do',
        description:
          'The text is a lab file; `docs/lab-file.md` explains it. Only what changed is started, stopped or wired. The file itself is not written.',
        tags: ['lab'],
        querystring: labPutQuery,
        body: labInput,
        response: {
          200: answer('What was done, or with `dryRun=1` what would be.', labPlan),
          ...problems(
            ...bodyProblems,
            ...(['invalid_query', 'invalid_lab', 'lab_changed', 'lab_fixed', 'service_in_use'] as const),
            ...(['switch_running', 'broker_down', 'database_down'] as const),
          ),
        },
      },
    },
    ({ body, query }) => labService.put(body, { dryRun: query.dryRun === '1', force: query.force === '1' }),
  )
  app.post(
    '/api/lab/save',
    {
      schema: {
        operationId: 'saveLab',
        summary: 'Write the text of the running lab into its file',
        tags: ['lab'],
        body: labSaveInput,
        response: {
          200: answer('The file holds it.', labView),
          ...problems(...bodyProblems, 'lab_changed', 'lab_fixed', 'lab_file_changed'),
        },
      },
    },
    ({ body }) => labService.save(body.revision),
  )
  app.get(
    '/api/lab/asyncapi',
    {
      schema: {
        operationId: 'getLabAsAsyncApi',
        summary: 'The declared lab as AsyncAPI 3.0',
        tags: ['lab'],
        response: { 200: answer('An AsyncAPI 3.0 document.', z.record(z.string(), z.unknown())), ...problems() },
      },
    },
    async () => asyncApi(),
  )
}
