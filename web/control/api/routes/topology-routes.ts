import { z } from 'zod'
import { topology } from '#contracts/api/topology.ts'
import { asyncApiOf } from '../../topology/async-api.ts'
import type { ApiContext } from '../api-context.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function topologyRoutes(app: ZodApp, context: ApiContext): void {
  app.get(
    '/api/topology',
    {
      schema: {
        operationId: 'getTopology',
        summary: 'The declared and observed graph',
        tags: ['topology'],
        response: { 200: answer('Nodes with their states, and edges.', topology), ...problems() },
      },
    },
    async () => context.registry.topology(),
  )
  app.get(
    '/api/topology/asyncapi',
    {
      schema: {
        operationId: 'getAsyncApi',
        summary: 'The declared graph as AsyncAPI 3.0',
        tags: ['topology'],
        response: { 200: answer('An AsyncAPI 3.0 document.', z.record(z.string(), z.unknown())), ...problems() },
      },
    },
    async () => asyncApiOf(context.declaration, context.lab(), context),
  )
}
