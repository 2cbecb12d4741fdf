import { z } from 'zod'
import { type ChartHistory, chartHistory, chartHistorySeconds } from '#contracts/api/chart-history.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

const spanQuery = z.strictObject({
  seconds: z.coerce.number().int().min(60).max(chartHistorySeconds).default(3_600),
})

interface Past {
  /** The last `seconds` before `now`, epoch milliseconds. */
  since(seconds: number, now: number): ChartHistory
}

export function chartRoutes(app: ZodApp, { history }: { history: Past }): void {
  app.get(
    '/api/charts',
    {
      schema: {
        operationId: 'getCharts',
        summary: 'Rates, latencies and unsettled messages of the whole lab over time',
        description:
          'Since this control plane started, at most 24 h. The last five minutes come live, a point a second.',
        tags: ['monitoring'],
        querystring: spanQuery,
        response: { 200: answer('Oldest first.', chartHistory), ...problems('invalid_query') },
      },
    },
    async (request) => history.since(request.query.seconds, Date.now()),
  )
}
