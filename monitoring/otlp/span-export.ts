import type { Attributes, SpanContext } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { createExportQueue, type ExportFigures, type ExportQueueOptions } from './export-queue.ts'
import { hrTimeOf } from './otlp-time.ts'
import { exportTimeoutMs, tracesAddress } from './receiver-address.ts'
import { createResources } from './resources.ts'

/** A span as plain data. Times are epoch milliseconds with a fraction. */
export interface LabSpan {
  name: string
  kind: 'producer' | 'consumer' | 'client'
  traceId: string
  spanId: string
  parentSpanId?: string
  /** Span of the same trace that it is linked to. */
  linkedSpanId?: string
  startedAt: number
  endedAt: number
  service: string
  instance: string
  attributes: Attributes
  /** Where it failed: a sentence. */
  failure?: string
}

export interface SpanExport {
  /** Never waits and never throws. */
  push(span: LabSpan): void
  figures(): ExportFigures
  close(withinMs: number): Promise<void>
}

export interface SpanExportOptions
  extends Pick<ExportQueueOptions<ReadableSpan>, 'gatherMs' | 'retryMs' | 'maxItems' | 'onTrouble'> {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  endpoint: string
  version?: string
  /** Of one try. Default 5 s. */
  timeoutMs?: number
}

/** Numbers of the API's own enums, https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
const kinds = { client: 2, producer: 3, consumer: 4 } as const
const status = { unset: 0, error: 2 } as const
const scope = { name: 'faultline' }

/** Sends spans to a receiver of OTLP. What it cannot take is kept up to a limit, then dropped and counted. */
export function openSpanExport({
  endpoint,
  version,
  timeoutMs = exportTimeoutMs,
  ...options
}: SpanExportOptions): SpanExport {
  const exporter = new OTLPTraceExporter({ ...tracesAddress(endpoint), timeoutMillis: timeoutMs })
  const queue = createExportQueue<ReadableSpan>({ exporter, maxItems: 8_192, ...options })
  const resourceOf = createResources(version)

  function readable(span: LabSpan): ReadableSpan {
    const contextOf = (spanId: string): SpanContext => ({ traceId: span.traceId, spanId, traceFlags: 1 })
    const { parentSpanId, linkedSpanId, failure, startedAt } = span
    const endedAt = Math.max(span.endedAt, startedAt)
    const context = contextOf(span.spanId)
    return {
      name: span.name,
      kind: kinds[span.kind],
      spanContext: () => context,
      ...(parentSpanId === undefined ? {} : { parentSpanContext: contextOf(parentSpanId) }),
      startTime: hrTimeOf(startedAt),
      endTime: hrTimeOf(endedAt),
      duration: hrTimeOf(endedAt - startedAt),
      status: failure === undefined ? { code: status.unset } : { code: status.error, message: failure },
      attributes: span.attributes,
      links: linkedSpanId === undefined ? [] : [{ context: contextOf(linkedSpanId) }],
      events: [],
      ended: true,
      resource: resourceOf(span.service, span.instance),
      instrumentationScope: scope,
      ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    }
  }

  return { push: (span) => queue.push(readable(span)), figures: queue.figures, close: queue.close }
}
