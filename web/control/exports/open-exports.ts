import type { Collector } from '#monitoring/metrics/meters.ts'
import { exportCollector } from '#monitoring/otlp/export-collector.ts'
import { type LogLine, openLogExport } from '#monitoring/otlp/log-export.ts'
import { type LabSpan, openSpanExport } from '#monitoring/otlp/span-export.ts'
import type { WebEnv } from '../process/env.ts'

/** What web sends to receivers outside the lab; what the environment names no receiver for is undefined and costs nothing. */
export interface Exports {
  pushLog: ((line: LogLine) => void) | undefined
  pushSpan: ((span: LabSpan) => void) | undefined
  /** What is exported, dropped and waits. */
  collector: Collector
  /** What a receiver does not take, or what had to be dropped, for a person. */
  problems(): string[]
  /** Sends what it can within the time. */
  close(withinMs: number): Promise<void>
}

/** Opens the export of logs to `LOKI_URL` and of traces to `OTEL_EXPORTER_OTLP_ENDPOINT`. Neither has to answer. */
export function openExports(env: Pick<WebEnv, 'lokiUrl' | 'otlpEndpoint'>, version: string): Exports {
  const logs = env.lokiUrl === undefined ? undefined : openLogExport({ lokiUrl: env.lokiUrl, version })
  const spans = env.otlpEndpoint === undefined ? undefined : openSpanExport({ endpoint: env.otlpEndpoint, version })
  const signals = { ...(logs ? { logs } : {}), ...(spans ? { spans } : {}) }
  const all = Object.entries(signals)

  return {
    pushLog: logs?.push,
    pushSpan: spans?.push,
    collector: exportCollector(Object.fromEntries(all.map(([signal, { figures }]) => [signal, figures]))),
    problems: () =>
      all.flatMap(([signal, { figures }]) => {
        const { problem, dropped } = figures()
        const count = dropped.queue_full + dropped.rejected
        return [
          ...(problem === undefined ? [] : [`${signal} are not exported: ${problem}`]),
          ...(count > 0 ? [`${count} ${signal} were dropped and not exported`] : []),
        ]
      }),
    async close(withinMs) {
      await Promise.all(all.map(([, signal]) => signal.close(withinMs)))
    },
  }
}
