import { auditReport, auditRequest, lastAudit } from '#contracts/api/audit.ts'
import { type LedgerReport, ledgerReport } from '#contracts/api/ledger.ts'
import type { AskedAudit } from '../../audit/kept/last-audit.ts'
import { answer, bodyProblems, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

export function ledgerRoutes(
  app: ZodApp,
  { ledger, audit }: { ledger: () => LedgerReport; audit: Pick<AskedAudit, 'run' | 'last'> },
): void {
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
    async () => ledger(),
  )
  app.get(
    '/api/audits/last',
    {
      schema: {
        operationId: 'getLastAudit',
        summary: 'The report of the last audit, as it was then',
        description:
          'Of the last one that somebody asked for here, by the command line or in a scenario; `at` says when. It outlives a restart. ' +
          'Of a report of more than 4 MiB, five messages of each disagreement are kept.',
        tags: ['ledger'],
        response: { 200: answer('The report; null before the first audit.', lastAudit), ...problems() },
      },
    },
    async () => ({ report: audit.last() ?? null }),
  )
  app.post(
    '/api/ledger/audit',
    {
      // `curl -X POST` without a body asks for the usual time.
      async preValidation(request) {
        request.body ??= auditRequest.parse({})
      },
      schema: {
        operationId: 'auditLedger',
        summary: 'Wait until the lab is drained, then compare three witnesses exactly',
        description:
          'Waits up to `timeoutMs` until the broker is empty, every publish is answered and telemetry has reported past that. ' +
          'Then compares what workers reported, what the broker holds (queues, committed offsets, dead letters) and what is in ' +
          'database and mailbox, message by message, and names every disagreement. Settles what only a drained lab can: a ' +
          'publish without an answer that no witness has seen is `absent`, a message that nobody has any more is `lost`. ' +
          'Where publishing goes on or something is left, nothing is compared or settled: `drained` is false, `undrained` ' +
          'says why, and the verdict is never `pass`.',
        tags: ['ledger'],
        body: auditRequest,
        response: {
          200: answer('The ledger after the audit, the witnesses, and where they differ.', auditReport),
          ...problems(...bodyProblems, 'audit_running', 'switch_running', 'shutting_down'),
        },
      },
    },
    async (request, reply) => {
      const gone = new AbortController()
      reply.raw.on('close', () => gone.abort())
      return audit.run(request.body.timeoutMs, gone.signal)
    },
  )
}
