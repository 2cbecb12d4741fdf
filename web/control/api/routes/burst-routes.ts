import { z } from 'zod'
import { burst, burstInput, burstOutcome } from '#contracts/api/burst.ts'
import { memberTexts } from '#contracts/events/json-text.ts'
import type { BurstOutcomes } from '../../publish/burst-outcomes.ts'
import type { Bursts } from '../../publish/bursts.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const listQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) })
const byId = z.object({ id: z.string() })

export function burstRoutes(
  app: ZodApp,
  { bursts, burstOutcomes }: { bursts: Bursts; burstOutcomes: BurstOutcomes },
): void {
  app.post(
    '/api/bursts',
    {
      config: { carried: ['data'] },
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
    async (request, reply) => {
      const text = memberTexts(request.bodyText).get('data')
      return reply.status(202).send(await bursts.start(request.body, text))
    },
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
  app.get(
    '/api/bursts/:id/outcome',
    {
      schema: {
        operationId: 'getBurstOutcome',
        summary: 'What became of the messages of a burst, by group',
        description: 'Counts all of them, as far as their journeys are kept.',
        tags: ['bursts'],
        params: byId,
        response: { 200: answer('As it is now.', burstOutcome), ...problems('unknown_burst') },
      },
    },
    async (request) => burstOutcomes.of((await bursts.get(request.params.id)).id),
  )
}
