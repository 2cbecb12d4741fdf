import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import { otlpAttribute, otlpLog, otlpLogs, otlpSpan, otlpTraces } from '#contracts/protocols/otlp-json.ts'
import { AttributeList, collectLogs, collectSpans, type OtlpCollector, type RawItem, type Value } from './collect.ts'
import { clip, depthMax, nameMax, partsMax, textMax } from './limits.ts'
import { type Report, type ReportedLog, type ReportedSpan, UndecodableReport } from './reported.ts'

export function jsonSpans(body: Buffer): Report<ReportedSpan> {
  const { resourceSpans } = parse(otlpTraces, readJson(body))
  const resources = (resourceSpans ?? []).map(({ resource, scopeSpans }) => ({
    attributes: resource?.attributes,
    items: (scopeSpans ?? []).map(({ spans }) => spans ?? []),
  }))
  return gather(resources, collectSpans(), (item) => {
    const span = parse(otlpSpan, item)
    return {
      traceId: idOf(span.traceId),
      spanId: idOf(span.spanId),
      parentSpanId: idOf(span.parentSpanId),
      name: span.name ?? '',
      kind: span.kind ?? 0,
      at: timeOf(span.startTimeUnixNano),
      endedAt: timeOf(span.endTimeUnixNano),
      code: span.status?.code ?? 0,
      message: span.status?.message ?? '',
      attributes: attributesOf(span.attributes),
    }
  })
}

/** `now`: of lines that do not say when they were written, epoch milliseconds. */
export function jsonLogs(body: Buffer, now: number): Report<ReportedLog> {
  const { resourceLogs } = parse(otlpLogs, readJson(body))
  const resources = (resourceLogs ?? []).map(({ resource, scopeLogs }) => ({
    attributes: resource?.attributes,
    items: (scopeLogs ?? []).map(({ logRecords }) => logRecords ?? []),
  }))
  return gather(resources, collectLogs(now), (item) => {
    const log = parse(otlpLog, item)
    return {
      traceId: idOf(log.traceId),
      spanId: idOf(log.spanId),
      at: timeOf(log.timeUnixNano) || timeOf(log.observedTimeUnixNano),
      severity: log.severityNumber ?? 0,
      body: readAnyValue(log.body, 0, { parts: partsMax }),
      attributes: attributesOf(log.attributes),
    }
  })
}

interface Resource {
  attributes: unknown[] | null | undefined
  /** Spans or log lines, an array for each scope. */
  items: unknown[][]
}

function gather<Raw extends RawItem, Item>(
  resources: readonly Resource[],
  collector: OtlpCollector<Raw, Item>,
  read: (item: unknown) => Raw,
): Report<Item> {
  for (const { attributes, items } of resources) {
    for (const scope of items) for (const item of scope) if (collector.admit()) collector.add(read(item))
    collector.endResource(attributesOf(attributes))
  }
  return collector.report
}

function readJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new UndecodableReport('the body is not valid UTF-8')
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new UndecodableReport(`the body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

function parse<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new UndecodableReport(`the body is not such a request: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

const idOf = (id: string | null | undefined): string => (id ?? '').toLowerCase()
const timeOf = (nanoseconds: string | number | null | undefined): number => Number(nanoseconds ?? 0) / 1e6

function attributesOf(given: readonly unknown[] | null | undefined): AttributeList {
  const attributes = new AttributeList()
  for (const one of given ?? []) {
    if (!attributes.isOpen) break
    const { key, value } = parse(otlpAttribute, one)
    attributes.add(key, readAnyValue(value, 0, { parts: partsMax }))
  }
  return attributes
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const listIn = (holder: unknown): unknown[] => (isRecord(holder) && Array.isArray(holder.values) ? holder.values : [])

/** An AnyValue of the protocol: an object with one member that says what it is. */
function readAnyValue(given: unknown, depth: number, budget: { parts: number }): Value {
  budget.parts -= 1
  if (!isRecord(given)) return ''
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = given
  if (typeof stringValue === 'string') return clip(stringValue, textMax)
  if (typeof boolValue === 'boolean') return boolValue
  if (typeof intValue === 'string' || typeof intValue === 'number') return clip(String(intValue), nameMax)
  if (typeof doubleValue === 'number' || typeof doubleValue === 'string') return doubleValue
  if (typeof bytesValue === 'string') return clip(bytesValue, textMax)
  if (depth >= depthMax || budget.parts <= 0) return ''
  if (arrayValue !== undefined)
    return listIn(arrayValue)
      .slice(0, budget.parts)
      .map((one) => readAnyValue(one, depth + 1, budget))
  const pairs = listIn(kvlistValue).slice(0, budget.parts).filter(isRecord)
  return Object.fromEntries(
    pairs.map(({ key, value }) => [clip(String(key ?? ''), nameMax), readAnyValue(value, depth + 1, budget)]),
  )
}
