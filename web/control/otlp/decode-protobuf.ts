import protobuf from 'protobufjs/minimal.js'
import { AttributeList, collectLogs, collectSpans, type OtlpCollector, type RawItem, type Value } from './collect.ts'
import { depthMax, nameMax, partsMax, textMax } from './limits.ts'
import { type Report, type ReportedLog, type ReportedSpan, UndecodableReport } from './reported.ts'

type Reader = protobuf.Reader

/** Wire types: https://protobuf.dev/programming-guides/encoding/ */
const [varint, fixed64, bytes] = [0, 1, 2]
const tag = (field: number, wire: number): number => field * 8 + wire

/** Reads one field by its tag. False: nobody wants it, and it is skipped; so is a known field of another wire type. */
type Visit = (tag: number) => boolean

/** Calls `visit` for each field up to `end`; what `visit` does not read is skipped. */
function visitFields(reader: Reader, end: number, visit: Visit): void {
  while (reader.pos < end) {
    const read = reader.uint32()
    if (!visit(read)) reader.skipType(read % 8, 0, read >>> 3)
  }
  if (reader.pos !== end) throw new RangeError('a field ends beyond its message')
}

function visitMessage(reader: Reader, visit: Visit): void {
  const length = reader.uint32()
  visitFields(reader, endOf(reader, length), visit)
}

function endOf(reader: Reader, length: number): number {
  const end = reader.pos + length
  if (end > reader.len) throw new RangeError('a message ends beyond the body')
  return end
}

/** A text of which at most so many characters are wanted. The rest of a long one is never made a string. */
function readText(reader: Reader, max: number): string {
  const read = reader.bytes()
  // A character has at most four bytes.
  return Buffer.from(read.buffer, read.byteOffset, Math.min(read.length, max * 4)).toString('utf8')
}

/** An id as hexadecimal digits; one of a wrong length is ignored. */
function readId(reader: Reader): string {
  const read = reader.bytes()
  return read.length > 16 ? '' : Buffer.from(read).toString('hex')
}

/** Nanoseconds since 1970 as milliseconds. */
function readTime(reader: Reader): number {
  const low = reader.fixed32()
  return (reader.fixed32() * 2 ** 32 + low) / 1e6
}

interface Budget {
  parts: number
}

function readValue(reader: Reader, depth: number, budget: Budget): Value {
  let value: Value = ''
  budget.parts -= 1
  const isDeep = depth >= depthMax || budget.parts <= 0
  visitMessage(reader, (read) => {
    if (read === tag(1, bytes)) value = readText(reader, textMax)
    else if (read === tag(2, varint)) value = reader.bool()
    else if (read === tag(3, varint)) value = reader.int64().toString()
    else if (read === tag(4, fixed64)) value = reader.double()
    else if (read === tag(5, bytes) && !isDeep) value = readArray(reader, depth + 1, budget)
    else if (read === tag(6, bytes) && !isDeep) value = readRecord(reader, depth + 1, budget)
    else if (read === tag(7, bytes)) value = Buffer.from(reader.bytes().subarray(0, textMax)).toString('base64')
    else return false
    return true
  })
  return value
}

function readArray(reader: Reader, depth: number, budget: Budget): Value[] {
  const values: Value[] = []
  visitMessage(reader, (read) => {
    if (read !== tag(1, bytes) || budget.parts <= 0) return false
    values.push(readValue(reader, depth, budget))
    return true
  })
  return values
}

function readRecord(reader: Reader, depth: number, budget: Budget): Record<string, Value> {
  const pairs: [string, Value][] = []
  visitMessage(reader, (read) => {
    if (read !== tag(1, bytes) || budget.parts <= 0) return false
    pairs.push(readPair(reader, depth, budget))
    return true
  })
  return Object.fromEntries(pairs)
}

function readPair(reader: Reader, depth: number, budget: Budget): [string, Value] {
  let key = ''
  let value: Value = ''
  visitMessage(reader, (read) => {
    if (read === tag(1, bytes)) key = readText(reader, nameMax)
    else if (read === tag(2, bytes)) value = readValue(reader, depth, budget)
    else return false
    return true
  })
  return [key, value]
}

/** One attribute, if there is room for it. */
function readAttribute(reader: Reader, attributes: AttributeList): boolean {
  if (!attributes.isOpen) return false
  attributes.add(...readPair(reader, 0, { parts: partsMax }))
  return true
}

/** Field numbers of https://github.com/open-telemetry/opentelemetry-proto/blob/v1.8.0/opentelemetry/proto/trace/v1/trace.proto */
export const protobufSpans = (body: Buffer): Report<ReportedSpan> =>
  readRequest(body, collectSpans(), (reader, attributes) => {
    const span = { ...{ traceId: '', spanId: '', parentSpanId: '', name: '', kind: 0, at: 0, endedAt: 0, code: 0 } }
    let message = ''
    visitMessage(reader, (read) => {
      if (read === tag(1, bytes)) span.traceId = readId(reader)
      else if (read === tag(2, bytes)) span.spanId = readId(reader)
      else if (read === tag(4, bytes)) span.parentSpanId = readId(reader)
      else if (read === tag(5, bytes)) span.name = readText(reader, nameMax)
      else if (read === tag(6, varint)) span.kind = reader.int32()
      else if (read === tag(7, fixed64)) span.at = readTime(reader)
      else if (read === tag(8, fixed64)) span.endedAt = readTime(reader)
      else if (read === tag(9, bytes)) return readAttribute(reader, attributes)
      else if (read === tag(15, bytes))
        visitMessage(reader, (inner) => {
          if (inner === tag(2, bytes)) message = readText(reader, textMax)
          else if (inner === tag(3, varint)) span.code = reader.int32()
          else return false
          return true
        })
      else return false
      return true
    })
    return { ...span, message, attributes }
  })

/**
 * Field numbers of https://github.com/open-telemetry/opentelemetry-proto/blob/v1.8.0/opentelemetry/proto/logs/v1/logs.proto. `now`: of lines
 * that do not say when they were written.
 */
export const protobufLogs = (body: Buffer, now: number): Report<ReportedLog> =>
  readRequest(body, collectLogs(now), (reader, attributes) => {
    const log = { traceId: '', spanId: '', at: 0, severity: 0 }
    let [observed, line]: [number, Value] = [0, '']
    visitMessage(reader, (read) => {
      if (read === tag(1, fixed64)) log.at = readTime(reader)
      else if (read === tag(11, fixed64)) observed = readTime(reader)
      else if (read === tag(2, varint)) log.severity = reader.int32()
      else if (read === tag(5, bytes)) line = readValue(reader, 0, { parts: partsMax })
      else if (read === tag(6, bytes)) return readAttribute(reader, attributes)
      else if (read === tag(9, bytes)) log.traceId = readId(reader)
      else if (read === tag(10, bytes)) log.spanId = readId(reader)
      else return false
      return true
    })
    return { ...log, at: log.at || observed, body: line, attributes }
  })

/** Both requests are made alike: resources (1), each with its resource (1) and scopes (2), each with its items (2). */
function readRequest<Raw extends RawItem, Item>(
  body: Buffer,
  collector: OtlpCollector<Raw, Item>,
  readItem: (reader: Reader, attributes: AttributeList) => Raw,
): Report<Item> {
  const reader = protobuf.Reader.create(body)
  try {
    visitFields(reader, reader.len, (read) => {
      if (read !== tag(1, bytes)) return false
      const resource = new AttributeList()
      visitMessage(reader, (inResource) => {
        if (inResource === tag(1, bytes))
          visitMessage(reader, (one) => one === tag(1, bytes) && readAttribute(reader, resource))
        else if (inResource === tag(2, bytes))
          visitMessage(reader, (inScope) => {
            if (inScope !== tag(2, bytes) || !collector.admit()) return false
            collector.add(readItem(reader, new AttributeList()))
            return true
          })
        else return false
        return true
      })
      collector.endResource(resource)
      return true
    })
  } catch (error) {
    throw new UndecodableReport(
      `the body is not the protobuf of such a request: ${error instanceof Error ? error.message : error}`,
    )
  }
  return collector.report
}
