import type { Logger } from 'pino'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { replicaOfToken } from '#contracts/protocols/report-token.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import { bearerOf, createAccessToken } from './access/access-token.ts'
import type { ProgramReports } from './api/routes/otlp-routes.ts'
import { spannedMessageOf } from './journeys/spanned-message.ts'
import { programTracesCollector } from './metrics/collectors/program-traces-collector.ts'
import type { Observatory } from './observatory.ts'
import { ReportBudget } from './otlp/report-budget.ts'
import { createProgramTraces } from './program-traces/program-traces.ts'

interface Parts {
  declaration: () => LabDeclaration
  /** `FAULTLINE_TOKEN`; undefined if the port needs none. */
  token: string | undefined
  agentToken: string
  meters: Pick<Meters, 'addCollector'>
  log: Logger
}

/** Takes what programs report of themselves, and puts it to the messages that it belongs to. */
export function openProgramTraces({ declaration, token, agentToken, meters, log }: Parts) {
  let observatory: Pick<Observatory, 'find'> | undefined
  const received = { spans: 0, logs: 0 }
  const traces = createProgramTraces({
    isProgram: (service) =>
      declaration().services.some(({ name, body }) => name === service && /^(program|url)$/.test(body.kind)),
    traceparentOf: (id) => spannedMessageOf(observatory?.find(id))?.traceparent,
    onChanged(id) {
      const journey = observatory?.find(id)
      // What is shown of it has changed, though its telemetry has not: viewers are sent it again.
      if (journey) journey.revision += 1
    },
    now: Date.now,
  })
  meters.addCollector(
    programTracesCollector(() => {
      const { spans, logs, dropped } = traces.figures()
      return { received, kept: { spans, logs }, dropped }
    }),
  )
  const access = createAccessToken(token)
  const budget = new ReportBudget(Date.now)
  const reports: ProgramReports = {
    admits(headers) {
      if (access.admits(headers)) return true
      const bearer = bearerOf(headers)
      return bearer !== undefined && replicaOfToken(agentToken, bearer) !== undefined
    },
    begin: () => budget.begin(),
    takeSpans(spans) {
      received.spans += spans.length
      traces.takeSpans(spans)
    },
    takeLogs(logs) {
      received.logs += logs.length
      traces.takeLogs(logs)
    },
    failed: (error) => log.error({ err: error }, `what a program reported could not be taken: ${error.message}`),
  }
  return {
    reports,
    addTo: traces.addTo,
    /** From now on what comes belongs to the journeys of this observatory, which is made with `addTo`. */
    follow(made: Pick<Observatory, 'find' | 'onTelemetry'>) {
      observatory = made
      made.onTelemetry(traces.takeTelemetry)
    },
  }
}
