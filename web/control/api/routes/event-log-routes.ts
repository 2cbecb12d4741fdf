import { z } from 'zod'
import { eventLogEntry, noteInput } from '#contracts/api/event-log.ts'
import type { EventLog } from '../../event-log/event-log.ts'
import { ApiProblem } from '../../problem/problem.ts'
import { answer, bodyProblems, listOf, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().optional(),
})

export function eventLogRoutes(app: ZodApp, { events }: { events: Pick<EventLog, 'page' | 'add'> }): void {
  app.get(
    '/api/event-log',
    {
      schema: {
        operationId: 'listEventLog',
        summary: 'What happened to the lab, newest first',
        description:
          'Faults, workers and parts that come and go, bursts and publishes, redrives, audits, changes, broker switches and notes.',
        tags: ['faults'],
        querystring: pageQuery,
        response: {
          200: answer('A page.', listOf(eventLogEntry)),
          ...problems('invalid_query', 'invalid_cursor'),
        },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query
      if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor))
        throw new ApiProblem('invalid_cursor', `"${cursor.slice(0, 100)}" was not made by this list; leave it out`)
      const items = events.page(limit, cursor === undefined ? undefined : Number(cursor))
      const oldest = items.at(-1)?.seq ?? 1
      return { items, ...(items.length === limit && oldest > 1 ? { nextCursor: String(oldest) } : {}) }
    },
  )
  app.post(
    '/api/event-log',
    {
      schema: {
        operationId: 'addNote',
        summary: 'Write a note into the event log',
        description: 'The last 200 notes stay when older entries go.',
        tags: ['faults'],
        body: noteInput,
        response: { 201: answer('The note, with its number and time.', eventLogEntry), ...problems(...bodyProblems) },
      },
    },
    async (request, reply) =>
      reply.status(201).send(events.add({ kind: 'note', level: 'info', message: request.body.message })),
  )
}
