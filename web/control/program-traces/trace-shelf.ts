import type { ReportedLog, ReportedSpan } from '../otlp/reported.ts'
import { type ProgramTrace, traceBytesOf } from './trace.ts'

export interface ShelfLimits {
  /** Spans in all, and log lines in all; the traces that nothing came for the longest go first. */
  items: number
  /** Spans of one trace, and lines of one. Later ones are not kept. */
  ofTrace: number
  /** Bytes in all, about. */
  bytes: number
  /** Spans and lines of traces of which no message is known. */
  strange: number
  /** How long those wait for telemetry that names their message, in milliseconds. */
  strangeMs: number
}

export const usualTraceLimits: ShelfLimits = {
  items: 50_000,
  ofTrace: 2_000,
  bytes: 64 * 1024 * 1024,
  strange: 5_000,
  strangeMs: 60_000,
}

/** Messages that are kept of one trace: a load generator may publish any number under one. */
const messagesOfTrace = 100

/** Why spans and lines are not kept, or no longer. */
export type DropReason = 'no_message' | 'trace_full' | 'evicted'

/**
 * What programs reported, by trace. A trace is STRANGE (no message of it is known: it waits for one, then it is dropped) or KNOWN (it
 * is kept until newer ones need its room).
 */
export class TraceShelf {
  readonly dropped: Record<DropReason, number> = { no_message: 0, trace_full: 0, evicted: 0 }
  readonly #limits: ShelfLimits
  readonly #now: () => number
  /** The one that something came for last is the last. */
  readonly #known = new Map<string, ProgramTrace>()
  /** Traces without a known handler run, the oldest first. */
  readonly #strange = new Map<string, ProgramTrace>()
  /** Traces by the parents that their spans name. */
  readonly #byParent = new Map<string, Set<ProgramTrace>>()
  #spans = 0
  #logs = 0
  #bytes = 0
  #strangeItems = 0

  constructor(limits: ShelfLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  get figures(): { spans: number; logs: number; bytes: number } {
    return { spans: this.#spans, logs: this.#logs, bytes: this.#bytes }
  }

  get(id: string): ProgramTrace | undefined {
    return this.#known.get(id) ?? this.#strange.get(id)
  }

  /** Traces with a span whose parent is this one. */
  withParent(spanId: string): Iterable<ProgramTrace> {
    return this.#byParent.get(spanId) ?? []
  }

  /** Puts a span or a line to its trace, and gives the trace. */
  add(item: ReportedSpan | ReportedLog): ProgramTrace {
    const trace = this.#open(item.traceId)
    const list: (ReportedSpan | ReportedLog)[] = 'kind' in item ? trace.spans : trace.logs
    if (list.length >= this.#limits.ofTrace) {
      if ('kind' in item) trace.beyond += 1
      this.dropped.trace_full += 1
      return trace
    }
    list.push(item)
    const bytes = traceBytesOf(item)
    trace.bytes += bytes
    this.#bytes += bytes
    if ('kind' in item) {
      this.#spans += 1
      this.#noteParent(item.parentSpanId, trace)
    } else this.#logs += 1
    if (trace.messages.size === 0) this.#strangeItems += 1
    return trace
  }

  /** A message whose trace it is has become known. */
  claim(trace: ProgramTrace, messageId: string): void {
    if (trace.messages.size === 0) {
      this.#strange.delete(trace.id)
      this.#strangeItems -= itemsOf(trace)
      this.#known.set(trace.id, trace)
    }
    if (trace.messages.size < messagesOfTrace) trace.messages.add(messageId)
  }

  /** Drops what is too much, and what no message was found for in time. */
  trim(): void {
    const { items, bytes, strange, strangeMs } = this.#limits
    const latest = this.#now() - strangeMs
    for (const trace of this.#strange.values()) {
      if (trace.since > latest && this.#strangeItems <= strange) break
      this.#drop(trace, 'no_message')
    }
    // What belongs to no message makes room first.
    for (const trace of this.#strange.values()) {
      if (this.#bytes <= bytes) break
      this.#drop(trace, 'no_message')
    }
    for (const trace of this.#known.values()) {
      if (this.#spans <= items && this.#logs <= items && this.#bytes <= bytes) break
      this.#drop(trace, 'evicted')
    }
  }

  #open(id: string): ProgramTrace {
    const known = this.#known.get(id)
    if (known) {
      this.#known.delete(id)
      this.#known.set(id, known)
      return known
    }
    const strange = this.#strange.get(id)
    if (strange) return strange
    const trace = { id, spans: [], logs: [], beyond: 0, bytes: 0, messages: new Set<string>(), since: this.#now() }
    this.#strange.set(id, trace)
    return trace
  }

  #noteParent(parentSpanId: string | undefined, trace: ProgramTrace): void {
    if (parentSpanId === undefined) return
    const traces = this.#byParent.get(parentSpanId)
    if (traces) traces.add(trace)
    else this.#byParent.set(parentSpanId, new Set([trace]))
  }

  #drop(trace: ProgramTrace, reason: DropReason): void {
    this.#known.delete(trace.id)
    if (this.#strange.delete(trace.id)) this.#strangeItems -= itemsOf(trace)
    this.dropped[reason] += itemsOf(trace)
    this.#spans -= trace.spans.length
    this.#logs -= trace.logs.length
    this.#bytes -= trace.bytes
    for (const { parentSpanId } of trace.spans) {
      const traces = parentSpanId === undefined ? undefined : this.#byParent.get(parentSpanId)
      if (traces?.delete(trace) && traces.size === 0) this.#byParent.delete(parentSpanId ?? '')
    }
  }
}

const itemsOf = ({ spans, logs }: ProgramTrace): number => spans.length + logs.length
