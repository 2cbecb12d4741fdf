import type { Redriven } from '#contracts/api/dead-letter.ts'
import type { Journey, Obligation } from '#contracts/api/journey.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { publishStatus, type StatusView } from '../../messages/message-status.ts'
import { durationWords, millis } from '../../words/figures.ts'
import { type FaultSpan, groupFaults, publishFaults } from './message-faults.ts'
import { obligationStatus } from './obligation-status.ts'
import { type AxisTick, narrowTicks, type TimeAxis, timeAxis } from './time-axis.ts'
import type { WaterfallRow, WaterfallSpan } from './waterfall-row.ts'
import { waterfallSpansOf } from './waterfall-spans.ts'

export interface WaterfallGroup {
  group: string
  status: StatusView
  /** Publish to the group's last moment. */
  totalMs: number
  /** Faults that were in effect meanwhile. */
  faults: WaterfallRow[]
  rows: WaterfallRow[]
}

export interface Waterfall {
  /** Marks of the axis, from 0; the last one before a cut carries the unit. */
  ticks: AxisTick[]
  /** Where a long wait was cut out. */
  cut: TimeAxis['cut']
  publish: WaterfallRow
  /** Faults at the producer while the publish was not answered. */
  publishFaults: WaterfallRow[]
  groups: WaterfallGroup[]
}

/**
 * The journey of a message on one linear time axis with four divisions. What is still going on reaches to `now`
 * (epoch milliseconds by the server's clock). `faults`: all that the lab knows of; those that this message met are in it.
 * `redrives`: those of this message.
 */
export function waterfallOf(
  journey: Journey,
  now: number,
  faults: readonly Fault[] = [],
  redrives: readonly Redriven[] = [],
): Waterfall {
  const start = Date.parse(journey.publish.attemptedAt)
  const acked = journey.publish.ackedAt === undefined ? undefined : Date.parse(journey.publish.ackedAt)
  const spans = journey.obligations.map((obligation) =>
    waterfallSpansOf(journey, obligation, acked ?? start, now, faults, redrives),
  )
  const last = Math.max(acked ?? now, ...spans.flat().map((span) => span.to))
  const axis = timeAxis(
    last - start,
    spans.flat().map((span) => ({ from: Math.min(...span.bars.map(({ from }) => from)) - start, to: span.to - start })),
  )
  const percent = (from: number, to: number): { left: number; width: number } => {
    const left = axis.placeOf(from - start)
    return { left, width: Math.max(0, axis.placeOf(to - start) - left) }
  }
  const faultRow = ({ id, label, note, name, from, to }: FaultSpan): WaterfallRow => ({
    ...{ key: id, label, note, why: name, tone: 'fault', glyph: 'fault' },
    bars: [{ kind: 'fault', ...percent(from, Math.min(to, last)) }],
    took: durationWords(to - from),
  })
  const rowOf = ({ bars, inner, to: _, ...span }: WaterfallSpan): WaterfallRow => ({
    ...span,
    bars: bars.map((bar) => ({ kind: bar.kind, ...percent(bar.from, bar.to) })),
    ...(inner === undefined ? {} : { inner: inner.map(rowOf) }),
  })
  const publish = publishStatus(journey.publish.state)
  return {
    ticks: narrowTicks(axis.ticks),
    cut: axis.cut,
    publish: {
      key: 'publish',
      label: 'publish',
      ...(journey.publish.state === 'acked' ? {} : { note: publish.label.replace(/^publish /, '') }),
      tone: publish.tone,
      glyph: publish.glyph,
      bars: [{ kind: 'handling', ...percent(start, acked ?? now) }],
      took: acked === undefined ? '–' : millis(acked - start),
    },
    publishFaults: publishFaults(journey, faults, { from: start, to: acked ?? now, now }).map(faultRow),
    groups: journey.obligations.map((obligation, index) => ({
      group: obligation.group,
      status: obligationStatus(
        obligation,
        redrives.some(({ group }) => group === obligation.group),
      ),
      faults: groupFaults(journey, obligation, faults, {
        ...{ from: acked ?? start, now },
        to: Math.max(acked ?? start, ...(spans[index] ?? []).map(({ to }) => to)),
      }).map(faultRow),
      totalMs: totalOf(obligation, spans[index] ?? [], start, now),
      rows: (spans[index] ?? []).map(rowOf),
    })),
  }
}

/** Publish to the last effect, or to now while it is open; a skipped delivery after the effect adds nothing. */
function totalOf(obligation: Obligation, spans: WaterfallSpan[], start: number, now: number): number {
  const success = obligation.attempts.find((attempt) => attempt.outcome === 'ok')
  if (success) return Date.parse(success.startedAt) + (success.handlingMs ?? 0) - start
  if (obligation.state === 'dead_lettered') return Math.max(start, ...spans.map((span) => span.to)) - start
  return Math.max(0, now - start)
}
