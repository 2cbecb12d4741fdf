import { z } from 'zod'
import type { ReadyPart } from '../../../topology/readiness.ts'
import { answer, problems } from '../../api-schema.ts'
import type { ZodApp } from '../../zod-app.ts'

const readiness = z.object({
  ready: z.boolean(),
  /** What is missing, in words. */
  missing: z.array(z.string()),
  parts: z.array(
    z.object({ name: z.string(), ready: z.boolean(), required: z.boolean(), detail: z.string().optional() }),
  ),
})

export function healthRoutes(app: ZodApp, { readiness: look }: { readiness: () => ReadyPart[] }): void {
  app.get(
    '/healthz',
    {
      config: { open: true },
      schema: {
        operationId: 'getHealth',
        summary: 'Whether the control plane runs',
        tags: ['health'],
        response: { 200: answer('It does.', z.object({ status: z.literal('ok') })), ...problems() },
      },
    },
    async () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      config: { open: true },
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether an event can be published and handled, and what is missing',
        tags: ['health'],
        response: {
          ...problems(),
          200: answer('It can.', readiness),
          503: answer('Something is missing.', readiness),
        },
      },
    },
    async (_request, reply) => {
      const parts = look()
      const missing = parts
        .filter(({ ready, required }) => required && !ready)
        .map(({ name, detail }) => detail ?? `${name} is not up`)
      return reply.status(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing, parts })
    },
  )
  app.get(
    '/api/openapi.json',
    {
      schema: {
        operationId: 'getOpenApi',
        summary: 'This description',
        tags: ['health'],
        response: { 200: answer('OpenAPI 3.1.', z.record(z.string(), z.unknown())), ...problems() },
      },
    },
    async () => app.swagger() as unknown as Record<string, unknown>,
  )
}
