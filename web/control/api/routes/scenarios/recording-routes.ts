import { z } from 'zod'
import { recording, recordingInput, recordings as recordingList } from '#contracts/api/recording.ts'
import type { Recordings } from '../../../record/recordings.ts'
import { answer, bodyProblems, problems } from '../../api-schema.ts'
import { nothing } from '../../named-schemas.ts'
import type { ZodApp } from '../../zod-app.ts'

const byId = z.object({ id: z.string() })
const tags = ['recordings']

export function recordingRoutes(app: ZodApp, { recordings }: { recordings: Recordings }): void {
  app.post(
    '/api/recordings',
    {
      // `curl -X POST` without a body is enough.
      async preValidation(request) {
        request.body ??= {}
      },
      schema: {
        operationId: 'startRecording',
        summary: 'Write down what is done, as a scenario',
        description:
          'Publishes, bursts, faults, policies, subscriptions, replicas, event types and redrives that are asked for by the API, which is what the pages use. ' +
          'One recording at a time, half an hour at most.',
        tags,
        body: recordingInput,
        response: { 201: answer('It has begun.', recording), ...problems(...bodyProblems, 'recording_running') },
      },
    },
    async (request, reply) => {
      const begun = recordings.start(request.body)
      return reply.status(201).header('location', `/api/recordings/${begun.id}`).send(begun)
    },
  )
  app.get(
    '/api/recordings',
    {
      schema: {
        operationId: 'listRecordings',
        summary: 'The recording that goes on, and the last ten that ended',
        tags,
        response: { 200: answer('Newest first, without their files.', recordingList), ...problems() },
      },
    },
    async () => ({ items: recordings.list() }),
  )
  app.get(
    '/api/recordings/:id',
    {
      schema: {
        operationId: 'getRecording',
        summary: 'A recording, with its scenario file where it has ended',
        tags,
        params: byId,
        response: { 200: answer('As it is now.', recording), ...problems('unknown_recording') },
      },
    },
    async (request) => recordings.get(request.params.id),
  )
  app.post(
    '/api/recordings/:id/stop',
    {
      async preValidation(request) {
        request.body ??= {}
      },
      schema: {
        operationId: 'stopRecording',
        summary: 'End a recording',
        description: 'Answers with the scenario file. One that has ended is answered as it is.',
        tags,
        params: byId,
        body: z.strictObject({}),
        response: { 200: answer('With its file.', recording), ...problems(...bodyProblems, 'unknown_recording') },
      },
    },
    async (request) => recordings.stop(request.params.id),
  )
  app.delete(
    '/api/recordings/:id',
    {
      schema: {
        operationId: 'removeRecording',
        summary: 'Forget a recording',
        description: 'One that goes on is ended first.',
        tags,
        params: byId,
        response: { 204: nothing, ...problems('unknown_recording') },
      },
    },
    async (request, reply) => {
      recordings.remove(request.params.id)
      return reply.status(204).send(null)
    },
  )
}
