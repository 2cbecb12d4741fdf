import { z } from 'zod'
import { subscription, subscriptionInput } from '#contracts/brokers/retry-policy.ts'
import type { Subscriptions } from '../../lab/subscriptions.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function subscriptionRoutes(app: ZodApp, { subscriptions }: { subscriptions: Subscriptions }): void {
  app.get(
    '/api/subscriptions',
    {
      schema: {
        operationId: 'listSubscriptions',
        summary: 'What each consumer takes and how it retries',
        tags: ['subscriptions'],
        response: { 200: answer('One per consumer.', z.object({ items: z.array(subscription) })), ...problems() },
      },
    },
    async () => ({ items: subscriptions.list() }),
  )
  app.put(
    '/api/subscriptions/:consumer',
    {
      schema: {
        operationId: 'changeSubscription',
        summary: 'Change what a consumer takes, how it retries, or both',
        description:
          'Fields of the retry policy that are not given stay as they are. Messages already in its queue are still handled.',
        tags: ['subscriptions'],
        params: z.object({ consumer: z.string() }),
        body: subscriptionInput,
        response: {
          200: answer('It holds from now on.', subscription),
          ...problems(...bodyProblems, 'unknown_consumer', 'broker_down', 'database_down'),
        },
      },
    },
    (request) => subscriptions.change(request.params.consumer, request.body),
  )
}
