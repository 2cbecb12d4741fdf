import { z } from 'zod'
import type { Meters } from '#monitoring/metrics/meters.ts'
import type { Services } from '../../../lab/services.ts'
import { answer, problems } from '../../api-schema.ts'
import type { ZodApp } from '../../zod-app.ts'

/** A label of metadata is gone after relabelling, so that it hides none of the metrics' own. https://prometheus.io/docs/prometheus/latest/http_sd/ */
const targets = z.array(z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }))

export function metricsRoutes(
  app: ZodApp,
  { meters, services }: { meters: Pick<Meters, 'page' | 'contentType'>; services: Pick<Services, 'list'> },
): void {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics of the whole lab for Prometheus; those of a worker are at its sidecar',
        tags: ['monitoring'],
        response: { 200: answer('Text format 0.0.4.', z.string(), 'text/plain'), ...problems() },
      },
    },
    async (_request, reply) => {
      const page = await meters.page()
      return reply
        .header('content-type', meters.contentType)
        .serializer((text: string) => text)
        .send(page)
    },
  )
  app.get(
    '/metrics/targets',
    {
      schema: {
        operationId: 'listMetricsTargets',
        summary: "Where each sidecar's `/metrics` is, for Prometheus' HTTP service discovery",
        tags: ['monitoring'],
        response: { 200: answer('One per connected sidecar.', targets), ...problems() },
      },
    },
    async () =>
      services
        .list()
        .flatMap(({ name, connected, metricsAddress }) =>
          connected && metricsAddress !== undefined
            ? [{ targets: [metricsAddress], labels: { __meta_faultline_service: name } }]
            : [],
        ),
  )
}
