import type { Journey } from '#contracts/api/journey.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { ReportedLog, ReportedSpan } from '../otlp/reported.ts'
import { withTraces } from './journey-with-traces.ts'
import { StartedRuns } from './started-runs.ts'
import type { ProgramTrace } from './trace.ts'
import { type DropReason, type ShelfLimits, TraceShelf, usualTraceLimits } from './trace-shelf.ts'

export interface ProgramTracesOptions {
  /** Whether a service is a program, whose inside only its own spans show. */
  isProgram: (service: string) => boolean
  /** W3C trace context of a message; undefined if it is not known. */
  traceparentOf: (messageId: string) => string | undefined
  /** Called when something came that the journey of a message shows. */
  onChanged: (messageId: string) => void
  /** Epoch milliseconds. */
  now: () => number
  limits?: ShelfLimits
}

/** What programs report of themselves. It is shown beside the telemetry of the lab, and nothing is concluded from it. */
export interface ProgramTraces {
  takeSpans(spans: readonly ReportedSpan[]): void
  takeLogs(logs: readonly ReportedLog[]): void
  /** Learns which runs there are. To be called with the records of each frame. */
  takeTelemetry(records: readonly TelemetryRecord[]): void
  /** The journey with the spans inside its attempts and the lines among its own. */
  addTo(journey: Journey): Journey
  /** What is kept, and what is not, or no longer. */
  figures(): { spans: number; logs: number; bytes: number; dropped: Record<DropReason, number> }
}

export function createProgramTraces({
  isProgram,
  traceparentOf,
  onChanged,
  now,
  limits = usualTraceLimits,
}: ProgramTracesOptions): ProgramTraces {
  const shelf = new TraceShelf(limits, now)
  const runs = new StartedRuns()

  function claim(trace: ProgramTrace, messages: Iterable<string>): void {
    for (const id of messages) if (!trace.messages.has(id)) shelf.claim(trace, id)
  }

  function take(items: readonly (ReportedSpan | ReportedLog)[]): void {
    const changed = new Set<ProgramTrace>()
    for (const item of items) {
      const trace = shelf.add(item)
      changed.add(trace)
      const parent = 'kind' in item ? item.parentSpanId : item.spanId
      const run = parent === undefined ? undefined : runs.messageOf(parent)
      if (run !== undefined) claim(trace, [run])
    }
    const messages = new Set<string>()
    for (const trace of changed) {
      claim(trace, runs.messagesOfTrace(trace.id))
      for (const id of trace.messages) messages.add(id)
    }
    shelf.trim()
    for (const id of messages) onChanged(id)
  }

  function started(messageId: string, spanId: string): void {
    const traceId = traceIdOf(traceparentOf(messageId))
    runs.add(spanId, messageId, traceId)
    const own = traceId === undefined ? undefined : shelf.get(traceId)
    for (const trace of [...(own ? [own] : []), ...shelf.withParent(spanId)]) claim(trace, [messageId])
  }

  return {
    takeSpans: take,
    takeLogs: take,
    takeTelemetry(records) {
      for (const record of records) {
        if (record.kind !== 'delivery.started' || !isProgram(record.group)) continue
        for (const { id, attempt, receiveCount } of record.deliveries)
          started(id, processSpanId({ id, group: record.group, attempt, receiveCount }))
      }
    },
    addTo(journey) {
      const traces = new Set<ProgramTrace>()
      const own = shelf.get(traceIdOf(journey.headers.traceparent) ?? '')
      if (own) traces.add(own)
      // A copy that was redriven has a trace of its own; its spans name the run all the same.
      for (const { group, attempts } of journey.obligations)
        for (const { attempt, receiveCount } of attempts)
          for (const trace of shelf.withParent(processSpanId({ id: journey.id, group, attempt, receiveCount })))
            traces.add(trace)
      return traces.size === 0 ? journey : withTraces(journey, [...traces], runs.isOther(journey.id))
    },
    figures() {
      shelf.trim()
      return { ...shelf.figures, dropped: { ...shelf.dropped } }
    },
  }
}

const traceIdOf = (traceparent: string | undefined): string | undefined => traceparent?.split('-')[1]
