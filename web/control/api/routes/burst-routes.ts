import { z } from 'zod'
import { burst, burstInput } from '#contracts/api/burst.ts'
import type { Bursts } from '../../publish/bursts.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const listQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) })
const byId = z.object({ id: z.string() })

export function burstRoutes(app: ZodApp, { bursts }: { bursts: Bursts }): void {
  app.post(
    '/api/bursts',
    {
      schema: {
        operationId: 'startBurst',
        summary: 'Start a burst',
        description:
          'Arrivals are open loop: the rate does not slow when the lab does. Every message has an id of its own.',
        tags: ['bursts'],
        body: burstInput,
        response: {
          202: answer('The producer runs it.', burst),
          ...problems(
            ...bodyProblems,
            'schema_violation',
            'schema_too_costly',
            'validation_busy',
            'unknown_event_type',
            'burst_running',
            'producer_down',
            'broker_switching',
          ),
        },
      },
    },
    async (request, reply) => reply.status(202).send(await bursts.start(request.body)),
  )
  app.get(
    '/api/bursts',
    {
      schema: {
        operationId: 'listBursts',
        summary: 'Bursts, newest first',
        tags: ['bursts'],
        querystring: listQuery,
        response: {
          200: answer('Running and earlier bursts.', z.object({ items: z.array(burst) })),
          ...problems('invalid_query', 'database_down'),
        },
      },
    },
    async (request) => ({ items: await bursts.list(request.query.limit) }),
  )
  app.get(
    '/api/bursts/:id',
    {
      schema: {
        operationId: 'getBurst',
        summary: 'A burst and its figures',
        tags: ['bursts'],
        params: byId,
        response: { 200: answer('Its figures now.', burst), ...problems('unknown_burst', 'database_down') },
      },
    },
    (request) => bursts.get(request.params.id),
  )
  app.delete(
    '/api/bursts/:id',
    {
      schema: {
        operationId: 'stopBurst',
        summary: 'Stop a burst',
        description: 'Publishes on their way are still awaited. A burst that has ended is answered as it is.',
        tags: ['bursts'],
        params: byId,
        response: {
          200: answer('Its last figures.', burst),
          ...problems('unknown_burst', 'producer_down', 'database_down'),
        },
      },
    },
    (request) => bursts.stop(request.params.id),
  )
}
