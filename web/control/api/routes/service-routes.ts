import { z } from 'zod'
import { serviceStatus } from '#contracts/live-protocol.ts'
import type { ApiContext } from '../api-context.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function serviceRoutes(app: ZodApp, { observatory }: ApiContext): void {
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
    async () => ({ items: observatory.services() }),
  )
}
