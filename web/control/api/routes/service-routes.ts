import { z } from 'zod'
import { serviceStatus } from '#contracts/api/live.ts'
import type { Services } from '../../lab/services.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const replicasInput = z.strictObject({
  replicas: z
    .int()
    .min(1, 'at least 1: a worker without a replica is a fault; inject process.kill to see one')
    .max(16, 'at most 16'),
})

export function serviceRoutes(app: ZodApp, { services }: { services: Services }): void {
  app.get(
    '/api/services',
    {
      schema: {
        operationId: 'listServices',
        summary: 'Workers with their replicas and states',
        tags: ['services'],
        response: { 200: answer('One per worker.', z.object({ items: z.array(serviceStatus) })), ...problems() },
      },
    },
    async () => ({ items: services.list() }),
  )
  app.put(
    '/api/services/:name',
    {
      schema: {
        operationId: 'scaleService',
        summary: 'How many replicas of a worker run',
        description:
          'Kept over restarts. Replicas that are too many finish what they hold and stop; those that are missing start. ' +
          'Answers when it is stored and the sidecar knows it: GET shows the replicas come and go.',
        tags: ['services'],
        params: z.object({ name: z.string() }),
        body: replicasInput,
        response: {
          200: answer('It is wanted from now on.', serviceStatus),
          ...problems(...bodyProblems, 'unknown_service'),
        },
      },
    },
    (request) => services.scale(request.params.name, request.body.replicas),
  )
}
