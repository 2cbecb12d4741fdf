import type { ProgramSpan } from '#contracts/api/journey.ts'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { hiddenSecret, redactForms } from '#contracts/secrets.ts'
import type { ReportedLog, ReportedSpan } from '../otlp/reported.ts'

/** Attributes whose value is a secret, whatever it is: headers and parameters that programs record. */
const secretKey = /(?:authorization|cookie|passw|secret|token|credential|api[-_.]?key)/i

/** The path of `K_SINK` is its secret, and a program that publishes reports it as any other address. */
const sinkSecret = /^((?:https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+)?\/)[\w-]{32}(?=$|[/?#])/

const shownText = (key: string, text: string): string =>
  secretKey.test(key) ? hiddenSecret : redactForms(text.replace(sinkSecret, `$1${hiddenSecret}`))

/** A span as a viewer sees it: without what looks like a secret. */
export const shownSpan = (span: ReportedSpan, depth: number, placedBy: ProgramSpan['placedBy']): ProgramSpan => ({
  ...{ spanId: span.spanId, name: redactForms(span.name), kind: span.kind, service: span.service },
  ...{ startedAt: new Date(span.startedAt).toISOString(), tookMs: span.tookMs, state: span.state },
  ...(span.message === '' ? {} : { message: redactForms(span.message) }),
  ...{ depth, placedBy },
  attributes: Object.fromEntries(span.attributes.map(([key, text]) => [key, shownText(key, text)])),
})

/** A program's log line in the shape of a worker's. */
export const shownLog = (log: ReportedLog, messageId: string): LogRecord => ({
  ...{ kind: 'log', at: log.at, service: log.service, instance: log.instance ?? log.service, level: log.level },
  ...{ message: redactForms(log.message), messageId, traceId: log.traceId },
  ...(log.spanId === undefined ? {} : { spanId: log.spanId }),
  ...(log.attributes.length === 0
    ? {}
    : { fields: Object.fromEntries(log.attributes.map(([key, text]) => [key, shownText(key, text)])) }),
})
