import type { Attempt, Journey, Obligation } from '#contracts/api/journey.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { duration, millis } from '../words/figures.ts'
import { redeliveryReason } from './redelivery-reason.ts'
import type { Bar, WaterfallRow } from './waterfall-row.ts'

/** A row before it is laid on the axis; times are epoch milliseconds. */
export interface Span extends Omit<WaterfallRow, 'bars'> {
  to: number
  bars: { kind: Bar['kind']; from: number; to: number }[]
}

/** What became of a message in one group, from `owedFrom` on: waits, attempts, backoffs, in their order. */
export function spansOf(
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
    if (attempt.fencedAt !== undefined) spans.push(fencedSpan(attempt, Date.parse(attempt.fencedAt), key))
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
  // One that found its effect made and failed nevertheless was a try.
  const repeat = done || (attempt.effect?.suppressed && attempt.outcome !== 'error')
  const view = repeat ? skipped : running ? handling : outcomes[attempt.outcome ?? 'ok']
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

/** The broker had given the message to another, and took no word of this one any more. */
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
  if (attempt.effect) return effectOf(attempt.effect.kind).words.made
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
