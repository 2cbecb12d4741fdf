import { ledgerReport } from '#contracts/ledger.ts'
import type { ApiContext } from '../api-context.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function ledgerRoutes(app: ZodApp, { observatory }: ApiContext): void {
  app.get(
    '/api/ledger',
    {
      schema: {
        operationId: 'getLedger',
        summary: 'What became of every message',
        description:
          'Figures by topic and group, anomalies with the first ids of each, invariants, and the verdict with its reasons. ' +
          'Everything that hangs on a message not having been heard of is judged behind the watermark.',
        tags: ['ledger'],
        response: { 200: answer('Figures, anomalies and verdict.', ledgerReport), ...problems() },
      },
    },
    async () => observatory.ledger(),
  )
}
