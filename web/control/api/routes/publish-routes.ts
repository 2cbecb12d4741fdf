import { publishAnswer, publishInput } from '#contracts/api/publish.ts'
import { memberTexts } from '#contracts/events/json-text.ts'
import { publishEvent } from '../../publish/publish-event.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function publishRoutes(app: ZodApp, parts: Parameters<typeof publishEvent>[0]): void {
  app.post(
    '/event',
    {
      config: { carried: ['data', 'key'] },
      schema: {
        operationId: 'publishEvent',
        summary: 'Publish an event',
        description:
          'Answers when the broker has acknowledged. A `traceparent` header continues the trace of the caller.',
        tags: ['events'],
        body: publishInput,
        response: {
          202: answer('The broker has the event.', publishAnswer),
          ...problems(
            ...bodyProblems,
            'schema_violation',
            'schema_too_costly',
            'validation_busy',
            'unknown_event_type',
            'publish_failed',
            'producer_down',
            'broker_switching',
            'shutting_down',
            'publish_indeterminate',
          ),
        },
      },
    },
    async (request, reply) => {
      const { traceparent, tracestate } = request.headers
      const text = memberTexts(request.bodyText).get('data') ?? '{}'
      const published = await publishEvent(parts, request.body, text, {
        traceparent: one(traceparent),
        tracestate: one(tracestate),
      })
      return reply.status(202).send(published)
    },
  )
}

const one = (header: string | string[] | undefined): string | undefined => [header].flat()[0]
