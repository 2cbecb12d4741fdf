import { z } from 'zod'

/**
 * Requests of OTLP as JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), as far as the lab reads them. Members that
 * are not named here are ignored, as the protocol wants; ids are hexadecimal; enumerations are numbers. What a list holds is checked item
 * by item, so that only those that are wanted cost anything.
 */
const nanoseconds = z.union([z.string().regex(/^\d{1,20}$/), z.number().min(0)]).nullish()
const many = z.array(z.unknown()).nullish()
const id = z.string().max(100).nullish()
const text = z.string().nullish()

export const otlpAttribute = z.object({ key: z.string(), value: z.unknown() })

export const otlpSpan = z.object({
  traceId: id,
  spanId: id,
  parentSpanId: id,
  name: text,
  kind: z.int().nullish(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: many,
  status: z.object({ code: z.int().nullish(), message: text }).nullish(),
})

export const otlpLog = z.object({
  traceId: id,
  spanId: id,
  timeUnixNano: nanoseconds,
  observedTimeUnixNano: nanoseconds,
  severityNumber: z.int().nullish(),
  body: z.unknown(),
  attributes: many,
})

const resource = z.object({ attributes: many }).nullish()

export const otlpTraces = z.object({
  resourceSpans: z.array(z.object({ resource, scopeSpans: z.array(z.object({ spans: many })).nullish() })).nullish(),
})

export const otlpLogs = z.object({
  resourceLogs: z.array(z.object({ resource, scopeLogs: z.array(z.object({ logRecords: many })).nullish() })).nullish(),
})
