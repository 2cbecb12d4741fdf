import { attributesMax, attributesTextMax, clip, itemsMax, nameMax, textMax } from './limits.ts'
import type { Report, ReportedLog, ReportedSpan, Reporter } from './reported.ts'
import { spanKinds, spanStates } from './reported.ts'

/** The last moment of the year 9999: later ones have no date. */
const lastMoment = 253_402_300_799_999

/** A value of an attribute or of a line, as JSON has it. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value }

const textOf = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Attributes while they are read: as many, and as long, as one span may have. */
export class AttributeList {
  readonly pairs: [string, string][] = []
  #left = attributesTextMax

  /** Whether more are wanted. */
  get isOpen(): boolean {
    return this.pairs.length < attributesMax && this.#left > 0
  }

  add(key: string, value: Value): void {
    if (!this.isOpen) return
    const name = clip(key, nameMax)
    const text = textOf(value)
    const shown = clip(text, Math.max(0, Math.min(textMax, this.#left - name.length)))
    this.#left -= name.length + shown.length
    this.pairs.push([name, shown])
  }

  get(key: string): string | undefined {
    return this.pairs.find(([name]) => name === key)?.[1]
  }
}

/** A span or a line as either encoding has it, before anybody looked whether it can be taken. */
export interface RawItem {
  traceId: string
  spanId: string
  /** Epoch milliseconds. */
  at: number
  attributes: AttributeList
}
export interface RawSpan extends RawItem {
  parentSpanId: string
  name: string
  kind: number
  endedAt: number
  code: number
  message: string
}
export interface RawLog extends RawItem {
  severity: number
  body: Value
}

/** Gathers the items of one request; those of a resource get its name when it is known. */
export class OtlpCollector<Raw extends RawItem, Item> {
  readonly report: Report<Item> = { items: [], refused: 0, reason: undefined, traceless: 0 }
  /** The item; why it is refused; or undefined for one without a trace. */
  readonly #finish: (raw: Raw, reporter: Reporter) => Item | string | undefined
  #waiting: Raw[] = []
  #count = 0

  constructor(finish: (raw: Raw, reporter: Reporter) => Item | string | undefined) {
    this.#finish = finish
  }

  /** Whether one more is wanted. One that is not is refused. */
  admit(): boolean {
    this.#count += 1
    if (this.#count <= itemsMax) return true
    this.#refuse(`more than ${itemsMax} in one request`)
    return false
  }

  add(raw: Raw): void {
    this.#waiting.push(raw)
  }

  /** What was added since the last call is of this resource. */
  endResource(attributes: AttributeList): void {
    const reporter = { service: attributes.get('service.name') ?? '', instance: attributes.get('service.instance.id') }
    for (const raw of this.#waiting.splice(0)) {
      const item = this.#finish(raw, reporter)
      if (item === undefined) this.report.traceless += 1
      else if (typeof item === 'string') this.#refuse(item)
      else this.report.items.push(item)
    }
  }

  #refuse(reason: string): void {
    this.report.refused += 1
    this.report.reason ??= reason
  }
}

const isId = (id: string, length: number): boolean => id.length === length && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)
/** Whole microseconds: what lies below is not exact in a double. */
const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000
const inRange = (ms: number): number => rounded(Math.min(Math.max(0, ms), lastMoment))

export const collectSpans = (): OtlpCollector<RawSpan, ReportedSpan> =>
  new OtlpCollector(({ traceId, spanId, parentSpanId, ...raw }, reporter) => {
    if (!isId(traceId, 32)) return 'a trace id has 32 hexadecimal digits that are not all 0'
    if (!isId(spanId, 16)) return 'a span id has 16 hexadecimal digits that are not all 0'
    return {
      ...{ ...reporter, traceId, spanId, parentSpanId: isId(parentSpanId, 16) ? parentSpanId : undefined },
      name: clip(raw.name, nameMax),
      kind: spanKinds[Math.max(0, raw.kind - 1)] ?? 'internal',
      startedAt: inRange(raw.at),
      tookMs: Math.max(0, rounded(inRange(raw.endedAt) - inRange(raw.at))),
      state: spanStates[raw.code] ?? 'unset',
      message: clip(raw.message, textMax),
      attributes: raw.attributes.pairs,
    }
  })

/** `now`: of a line that does not say when it was written, epoch milliseconds. */
export const collectLogs = (now: number): OtlpCollector<RawLog, ReportedLog> =>
  new OtlpCollector(({ traceId, spanId, at, severity, body, attributes }, reporter) => {
    if (!isId(traceId, 32)) return undefined
    return {
      ...{ ...reporter, traceId, spanId: isId(spanId, 16) ? spanId : undefined },
      at: at > 0 ? inRange(at) : now,
      level: levelOf(severity),
      message: clip(textOf(body), textMax),
      attributes: attributes.pairs,
    }
  })

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
function levelOf(severity: number): ReportedLog['level'] {
  if (severity >= 17) return 'error'
  if (severity >= 13) return 'warn'
  return severity >= 9 || severity <= 0 ? 'info' : 'debug'
}
