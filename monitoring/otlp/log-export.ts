import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { createExportQueue, type ExportFigures, type ExportQueueOptions } from './export-queue.ts'
import { hrTimeOf } from './otlp-time.ts'
import { exportTimeoutMs, lokiAddress } from './receiver-address.ts'
import { createResources } from './resources.ts'

export type LogLine = Omit<LogRecord, 'kind'>

export interface LogExport {
  /** Never waits and never throws. */
  push(line: LogLine): void
  figures(): ExportFigures
  close(withinMs: number): Promise<void>
}

export interface LogExportOptions
  extends Pick<ExportQueueOptions<ReadableLogRecord>, 'gatherMs' | 'retryMs' | 'maxItems' | 'onTrouble'> {
  /** `LOKI_URL`. */
  lokiUrl: string
  version?: string
  /** Of one try. Default 5 s. */
  timeoutMs?: number
}

/** Names and numbers of https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severity = {
  debug: { severityText: 'DEBUG', severityNumber: 5 },
  info: { severityText: 'INFO', severityNumber: 9 },
  warn: { severityText: 'WARN', severityNumber: 13 },
  error: { severityText: 'ERROR', severityNumber: 17 },
} as const

const scope = { name: 'faultline' }

/** Sends log lines to a Loki over OTLP. What it cannot take is kept up to a limit, then dropped and counted. */
export function openLogExport({
  lokiUrl,
  version,
  timeoutMs = exportTimeoutMs,
  ...options
}: LogExportOptions): LogExport {
  const exporter = new OTLPLogExporter({ ...lokiAddress(lokiUrl), timeoutMillis: timeoutMs })
  const queue = createExportQueue<ReadableLogRecord>({ exporter, ...options })
  const resourceOf = createResources(version)

  function recordOf(line: LogLine): ReadableLogRecord {
    const { at, service, instance, level, message, messageId, traceId, spanId, fields } = line
    const time = hrTimeOf(at)
    return {
      hrTime: time,
      hrTimeObserved: time,
      ...severity[level],
      // The whole line as JSON, for `| json` in LogQL; what links it to a message is beside it too.
      body: JSON.stringify({
        ...fields,
        time: new Date(at).toISOString(),
        level,
        service,
        instance,
        message,
        messageId,
        traceId,
        spanId,
      }),
      attributes: messageId === undefined ? {} : { 'messaging.message.id': messageId },
      droppedAttributesCount: 0,
      ...(traceId === undefined ? {} : { spanContext: { traceId, spanId: spanId ?? '', traceFlags: 1 } }),
      resource: resourceOf(service, instance),
      instrumentationScope: scope,
    }
  }

  return { push: (line) => queue.push(recordOf(line)), figures: queue.figures, close: queue.close }
}
