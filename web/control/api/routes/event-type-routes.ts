import { z } from 'zod'
import { eventTypeInput, eventTypeItem } from '#contracts/events/event-type.ts'
import type { EventTypes } from '../../lab/event-types.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import { nothing } from '../named-schemas.ts'
import type { ZodApp } from '../zod-app.ts'

const byName = z.object({ name: z.string() })
const tags = ['event types']
const contentProblems = ['invalid_schema', 'invalid_example', 'schema_too_costly', 'validation_busy'] as const
const wiringProblems = ['broker_down', 'database_down'] as const

export function eventTypeRoutes(app: ZodApp, { eventTypes }: { eventTypes: EventTypes }): void {
  app.get(
    '/api/event-types',
    {
      schema: {
        operationId: 'listEventTypes',
        summary: 'Event types, built-in ones first',
        tags,
        response: { 200: answer('All of them.', z.object({ items: z.array(eventTypeItem) })), ...problems() },
      },
    },
    async () => ({ items: eventTypes.list() }),
  )
  app.post(
    '/api/event-types',
    {
      schema: {
        operationId: 'createEventType',
        summary: 'Add an event type',
        description: 'Answers when the broker is wired for it and the workers that are up know it.',
        tags,
        body: eventTypeInput,
        response: {
          201: answer('It can be published.', eventTypeItem),
          ...problems(...bodyProblems, ...contentProblems, 'event_type_exists', ...wiringProblems),
        },
      },
    },
    async (request, reply) => {
      const created = await eventTypes.create(request.body, request.bodyText)
      return reply.status(201).header('location', `/api/event-types/${created.name}`).send(created)
    },
  )
  app.put(
    '/api/event-types/:name',
    {
      schema: {
        operationId: 'replaceEventType',
        summary: 'Change an event type',
        description:
          'Its version counts up where the schema is another one. Without `consumers`, those who take it stay.',
        tags,
        params: byName,
        body: eventTypeInput.omit({ name: true }),
        response: {
          200: answer('It holds from now on.', eventTypeItem),
          ...problems(
            ...bodyProblems,
            ...contentProblems,
            'unknown_event_type',
            'built_in_event_type',
            ...wiringProblems,
          ),
        },
      },
    },
    (request) => eventTypes.replace(request.params.name, request.body, request.bodyText),
  )
  app.delete(
    '/api/event-types/:name',
    {
      schema: {
        operationId: 'deleteEventType',
        summary: 'Delete an event type',
        tags,
        params: byName,
        response: {
          204: nothing,
          ...problems('unknown_event_type', 'built_in_event_type', 'event_type_in_use', ...wiringProblems),
        },
      },
    },
    async (request, reply) => {
      await eventTypes.remove(request.params.name)
      return reply.status(204).send(null)
    },
  )
}
