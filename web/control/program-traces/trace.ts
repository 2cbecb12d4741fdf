import type { ReportedLog, ReportedSpan } from '../otlp/reported.ts'

export interface ProgramTrace {
  readonly id: string
  readonly spans: ReportedSpan[]
  readonly logs: ReportedLog[]
  /** Spans beyond what is kept of one trace. */
  beyond: number
  /** Bytes of memory, about. */
  bytes: number
  /** Messages whose trace it is; empty while none is known. */
  readonly messages: Set<string>
  /** When the first of it came, epoch milliseconds. */
  readonly since: number
}

/** What an object of this kind takes beside its texts, in bytes. */
const itemBytes = 300

/** About how much memory a span or a line takes. */
export const traceBytesOf = ({ attributes, message }: ReportedSpan | ReportedLog): number =>
  attributes.reduce((sum, [key, text]) => sum + 100 + 2 * (key.length + text.length), itemBytes + 2 * message.length)
