import type { LogRecord } from '#contracts/protocols/telemetry.ts'

/** Who reported: the resource attributes `service.name` and `service.instance.id`. */
export interface Reporter {
  service: string
  instance: string | undefined
}

/** What spans and log lines have alike. Texts are clipped, ids are lower-case hexadecimal digits. */
interface Reported extends Reporter {
  traceId: string
  attributes: readonly (readonly [key: string, text: string])[]
}

export const spanKinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const
export const spanStates = ['unset', 'ok', 'error'] as const

/** A span that a program sent by OTLP; times are epoch milliseconds. */
export interface ReportedSpan extends Reported {
  spanId: string
  /** Undefined if it began its trace. */
  parentSpanId: string | undefined
  name: string
  kind: (typeof spanKinds)[number]
  /** Epoch milliseconds by the clock of the program. */
  startedAt: number
  /** Milliseconds, at least 0. */
  tookMs: number
  state: (typeof spanStates)[number]
  /** What the program says of its state. */
  message: string
}

/** A log line that a program reported within a trace. */
export interface ReportedLog extends Reported {
  /** Undefined if it was written in no span. */
  spanId: string | undefined
  /** Epoch milliseconds by the clock of the program. */
  at: number
  level: LogRecord['level']
  message: string
}

/** The readable items of one OTLP request. */
export interface Report<Item> {
  items: Item[]
  /** Items that are not taken: beyond the bound of a request, or without valid ids. */
  refused: number
  /** Why the first of them is not; undefined if all are taken. */
  reason: string | undefined
  /** Log lines that were written in no trace: nothing is wrong with them, and no message is known that they speak of. */
  traceless: number
}

/** The body is not what it says that it is. */
export class UndecodableReport extends Error {
  override readonly name = 'Undecodable'
}
