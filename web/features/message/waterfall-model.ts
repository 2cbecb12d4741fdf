import type { Fault } from '#contracts/faults/fault.ts'
import type { Attempt, Journey, Obligation } from '#contracts/journey.ts'
import { handlerRuns, publishStatus, type StatusView } from '../messages/message-status.ts'
import { duration, millis } from '../words/figures.ts'
import { type FaultSpan, groupFaults, publishFaults } from './message-faults.ts'
import { redeliveryReason } from './redelivery-reason.ts'

/** Part of a lane; `left` and `width` are percent of the axis. */
export interface Bar {
  kind: 'handling' | 'wait' | 'backoff' | 'fault' | 'mark'
  left: number
  width: number
}

export interface WaterfallRow {
  key: string
  label: string
  note?: string
  tone: StatusView['tone']
  /** `fault`: a bolt, which is an icon and no state's shape. */
  glyph: StatusView['glyph'] | 'fault'
  bars: Bar[]
  took: string
  /** Why it came to this, in a line of its own. */
  why?: string
  /** The attempt that the row stands for, so that it can be selected. */
  attempt?: Attempt
}

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
  /** Five marks of a linear axis, from 0; the last one carries the unit. */
  ticks: string[]
  axisMs: number
  publish: WaterfallRow
  /** Faults at the producer while the publish was not answered. */
  publishFaults: WaterfallRow[]
  groups: WaterfallGroup[]
}

/**
 * The journey of a message on one linear time axis with four divisions. What is still going on reaches to `now`
 * (epoch milliseconds by the server's clock). `faults`: all that the lab knows of; those that this message met are in it.
 */
export function waterfallOf(journey: Journey, now: number, faults: readonly Fault[] = []): Waterfall {
  const start = Date.parse(journey.publish.attemptedAt)
  const acked = journey.publish.ackedAt === undefined ? undefined : Date.parse(journey.publish.ackedAt)
  const spans = journey.obligations.map((obligation) => spansOf(journey, obligation, acked ?? start, now, faults))
  const last = Math.max(acked ?? now, ...spans.flat().map((span) => span.to))
  const axisMs = niceAxis(last - start)
  const percent = (from: number, to: number): { left: number; width: number } => ({
    left: Math.max(0, ((from - start) / axisMs) * 100),
    width: Math.max(0, ((to - from) / axisMs) * 100),
  })
  const faultRow = ({ id, label, note, name, from, to }: FaultSpan): WaterfallRow => ({
    ...{ key: id, label, note, why: name, tone: 'fault', glyph: 'fault' },
    bars: [{ kind: 'fault', ...percent(from, Math.min(to, start + axisMs)) }],
    took: duration(to - from),
  })
  const publish = publishStatus(journey.publish.state)
  return {
    ticks: ticksOf(axisMs),
    axisMs,
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
      status: obligationStatus(obligation),
      faults: groupFaults(journey, obligation, faults, {
        ...{ from: acked ?? start, now },
        to: Math.max(acked ?? start, ...(spans[index] ?? []).map(({ to }) => to)),
      }).map(faultRow),
      totalMs: totalOf(obligation, spans[index] ?? [], start, now),
      rows: (spans[index] ?? []).map(({ bars, ...span }) => ({
        key: span.key,
        label: span.label,
        ...(span.note === undefined ? {} : { note: span.note }),
        ...(span.why === undefined ? {} : { why: span.why }),
        tone: span.tone,
        glyph: span.glyph,
        took: span.took,
        ...(span.attempt === undefined ? {} : { attempt: span.attempt }),
        bars: bars.map((bar) => ({ kind: bar.kind, ...percent(bar.from, bar.to) })),
      })),
    })),
  }
}

/** The group's state in words, with its attempts. */
export function obligationStatus(obligation: Obligation): StatusView {
  const runs = handlerRuns(obligation.attempts)
  const attempts = `${runs} ${runs === 1 ? 'attempt' : 'attempts'}`
  switch (obligation.state) {
    case 'waiting':
      return { tone: 'in-flight', glyph: 'waiting', label: 'waiting' }
    case 'handling':
      return { tone: 'in-flight', glyph: 'handling', label: `handling, attempt ${Math.max(1, runs)}` }
    case 'retrying':
      return { tone: 'retrying', glyph: 'retrying', label: `retrying after ${attempts}` }
    case 'delivered':
      return runs > 1
        ? { tone: 'retried', glyph: 'retried', label: `delivered after ${attempts}` }
        : { tone: 'delivered', glyph: 'delivered', label: 'delivered' }
    case 'dead_lettered':
      return { tone: 'dead', glyph: 'dead', label: `dead-lettered after ${attempts}` }
    case 'lost':
      return { tone: 'lost', glyph: 'lost', label: 'lost' }
  }
}

interface Span extends Omit<WaterfallRow, 'bars'> {
  to: number
  bars: { kind: Bar['kind']; from: number; to: number }[]
}

function spansOf(
  journey: Journey,
  obligation: Obligation,
  owedFrom: number,
  now: number,
  faults: readonly Fault[],
): Span[] {
  const spans: Span[] = []
  let freeAt = owedFrom
  let previous: Attempt | undefined
  let done = false
  obligation.attempts.forEach((attempt, index) => {
    const startedAt = Date.parse(attempt.startedAt)
    const key = `${attempt.receiveCount}.${attempt.attempt}.${index}`
    const why = previous && redeliveryReason(journey, obligation.group, previous, attempt, faults)
    if (!done) spans.push(gapBefore(attempt, previous, freeAt, startedAt, key, why))
    const endedAt = endOf(attempt, startedAt, now)
    spans.push(attemptSpan(attempt, index, startedAt, endedAt, done, key, done ? why : undefined))
    if (attempt.fenced) spans.push(fencedSpan(attempt, endedAt, key))
    done ||= attempt.outcome === 'ok'
    freeAt = endedAt
    previous = attempt
  })
  if (obligation.state === 'waiting') spans.push(openWait(previous, freeAt, now))
  if (obligation.state === 'retrying') spans.push(openBackoff(obligation, freeAt, now))
  return spans
}

/** When a run ended. Of one that was interrupted without a word of its end, nothing but its beginning is known. */
function endOf({ handlingMs, outcome, endedBy }: Attempt, startedAt: number, now: number): number {
  if (handlingMs !== undefined) return startedAt + handlingMs
  if (endedBy !== undefined) return Math.max(startedAt, Date.parse(endedBy.at))
  return outcome === undefined ? Math.max(startedAt, now) : startedAt
}

/** What lay between the message being free to take and an attempt: a wait, and before it a backoff after an error. */
function gapBefore(
  attempt: Attempt,
  previous: Attempt | undefined,
  freeAt: number,
  startedAt: number,
  key: string,
  why: string | undefined,
): Span {
  const gap = Math.max(0, startedAt - freeAt)
  const waitMs = Math.min(gap, attempt.queueMs)
  const wait = { kind: 'wait' as const, from: startedAt - waitMs, to: startedAt }
  if (previous?.outcome !== 'error') {
    return {
      key: `${key}.wait`,
      label: previous === undefined ? 'wait' : 'given back',
      ...(why === undefined ? {} : { why }),
      tone: 'in-flight',
      glyph: 'waiting',
      to: startedAt,
      // After an interruption the whole gap is a wait: until the broker hands it out again.
      bars: [previous === undefined ? wait : { ...wait, from: freeAt }],
      took: millis(previous === undefined ? waitMs : gap),
    }
  }
  return {
    key: `${key}.backoff`,
    label: 'backoff',
    tone: 'retrying',
    glyph: 'waiting',
    to: startedAt,
    bars: [{ kind: 'backoff', from: freeAt, to: wait.from }, wait],
    took: gap < 10_000 ? `${Math.round(gap - waitMs)} + ${Math.round(waitMs)}` : duration(gap),
  }
}

function attemptSpan(
  attempt: Attempt,
  index: number,
  from: number,
  to: number,
  done: boolean,
  key: string,
  why: string | undefined,
): Span {
  const running = attempt.outcome === undefined
  const view = done || attempt.effect?.suppressed ? skipped : running ? handling : outcomes[attempt.outcome ?? 'ok']
  const repeat = done || attempt.effect?.suppressed
  return {
    key,
    label: repeat ? `delivery ${attempt.receiveCount}` : `attempt ${index + 1}`,
    note: repeat ? (attempt.outcome === 'ok' ? 'skipped' : (attempt.error?.type ?? 'again')) : noteOf(attempt),
    ...view,
    ...(why === undefined ? {} : { why }),
    to,
    bars: [{ kind: 'handling', from, to }],
    took: running ? '…' : millis(to - from),
    attempt,
  }
}

/** The broker had given the message to another, and took no word of this one any more: tried when the attempt ended. */
const fencedSpan = (attempt: Attempt, at: number, key: string): Span => ({
  ...{ key: `${key}.fenced`, label: 'commit', note: 'fenced', tone: 'idle', glyph: 'lost', to: at, took: '–' },
  why: `the broker refused the settlement of ${attempt.instance}: it had given the message to another`,
  bars: [{ kind: 'mark', from: at, to: at }],
})

const skipped = { tone: 'idle', glyph: 'skipped' } as const
const handling = { tone: 'in-flight', glyph: 'handling' } as const
const outcomes = {
  ok: { tone: 'delivered', glyph: 'delivered' },
  error: { tone: 'retrying', glyph: 'retrying' },
  interrupted: { tone: 'idle', glyph: 'paused' },
} as const

function noteOf(attempt: Attempt): string {
  if (attempt.outcome === undefined) return 'running'
  if (attempt.outcome === 'interrupted') return 'interrupted'
  if (attempt.error) return attempt.error.type === 'AttemptTimeout' ? 'timeout' : attempt.error.type
  if (attempt.effect) return attempt.effect.kind === 'email' ? 'mail sent' : 'row written'
  return attempt.outcome === 'ok' ? 'done' : 'failed'
}

const openWait = (previous: Attempt | undefined, from: number, now: number): Span => ({
  key: 'open.wait',
  label: previous ? 'given back' : 'wait',
  tone: 'in-flight',
  glyph: 'waiting',
  to: Math.max(from, now),
  bars: [{ kind: 'wait', from, to: Math.max(from, now) }],
  took: '…',
})

function openBackoff(obligation: Obligation, from: number, now: number): Span {
  const due = obligation.dueAt === undefined ? now : Date.parse(obligation.dueAt)
  return {
    key: 'open.backoff',
    label: 'backoff',
    note: due > now ? `due in ${duration(due - now)}` : 'due',
    tone: 'retrying',
    glyph: 'waiting',
    to: Math.max(due, now, from),
    bars: [
      { kind: 'backoff', from, to: Math.max(from, due) },
      ...(now > due ? [{ kind: 'wait' as const, from: due, to: now }] : []),
    ],
    took: millis(Math.max(0, due - from)),
  }
}

/** Publish to the last effect, or to now while it is open; a skipped delivery after the effect adds nothing. */
function totalOf(obligation: Obligation, spans: Span[], start: number, now: number): number {
  const success = obligation.attempts.find((attempt) => attempt.outcome === 'ok')
  if (success) return Date.parse(success.startedAt) + (success.handlingMs ?? 0) - start
  if (obligation.state === 'dead_lettered') return Math.max(start, ...spans.map((span) => span.to)) - start
  return Math.max(0, now - start)
}

/** The smallest 1, 2, 2.5 or 5 times a power of ten, four of which cover the time. */
export function niceAxis(ms: number): number {
  const step = Math.max(ms, 0.4) / 4
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10
  return factor * power * 4
}

function ticksOf(axisMs: number): string[] {
  const [unit, size] =
    axisMs >= 3_600_000 * 4
      ? ['h', 3_600_000]
      : axisMs >= 240_000
        ? ['min', 60_000]
        : axisMs >= 1_000
          ? ['s', 1_000]
          : ['ms', 1]
  return [0, 1, 2, 3, 4].map((index) => {
    const value = Number(((axisMs * index) / 4 / Number(size)).toPrecision(3))
    return index === 4 ? `${value} ${unit}` : index === 0 ? '0' : String(value)
  })
}
