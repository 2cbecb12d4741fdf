import type { Redriven } from '#contracts/api/dead-letter.ts'
import type { Attempt, Journey, Obligation } from '#contracts/api/journey.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { reasonWords } from '../../messages/message-status.ts'
import { durationWords, millis } from '../../words/figures.ts'
import { innerSpans } from './program-spans.ts'
import { redeliveryReason } from './redelivery-reason.ts'
import { redrivenBy, type WaterfallSpan } from './waterfall-row.ts'

/**
 * What became of a message in one group, from `owedFrom` on: waits, attempts, backoffs, in their order. `redrives`: those of
 * the message, of all groups, oldest first.
 */
export function waterfallSpansOf(
  journey: Journey,
  obligation: Obligation,
  owedFrom: number,
  now: number,
  faults: readonly Fault[],
  redrives: readonly Redriven[] = [],
): WaterfallSpan[] {
  const spans: WaterfallSpan[] = []
  const own = redrives.filter(({ group }) => group === obligation.group)
  const taken = new Set<Redriven>()
  let freeAt = owedFrom
  let previous: Attempt | undefined
  let done = false
  /** The redrive that lies between the last attempt and `until`; each is drawn once. */
  const redriveUntil = (until: number): Redriven | undefined =>
    previous &&
    own.find(
      (one) => !taken.has(one) && Date.parse(one.at) >= freeAt - slackMs && Date.parse(one.at) <= until + slackMs,
    )
  const drawRedrive = (one: Redriven, key: string): void => {
    taken.add(one)
    const at = Math.max(freeAt, Date.parse(one.at))
    spans.push(...redriveSpans(one, spans, freeAt, at, key))
    freeAt = at
    done = false
  }
  obligation.attempts.forEach((attempt, index) => {
    const startedAt = Date.parse(attempt.startedAt)
    const key = `${attempt.receiveCount}.${attempt.attempt}.${index}`
    const redrive = redriveUntil(startedAt)
    if (redrive) drawRedrive(redrive, key)
    const why =
      previous && !redrive ? redeliveryReason(journey, obligation.group, previous, attempt, faults) : undefined
    if (redrive) spans.push(waitSpan(freeAt, Math.max(freeAt, startedAt), key))
    else if (!done) spans.push(gapBefore(attempt, previous, freeAt, startedAt, key, why))
    const endedAt = endOf(attempt, startedAt, now)
    spans.push(attemptSpan(attempt, index, startedAt, endedAt, done, key, done ? why : undefined))
    if (attempt.fencedAt !== undefined) spans.push(fencedSpan(attempt, Date.parse(attempt.fencedAt), key))
    done ||= attempt.outcome === 'ok'
    freeAt = endedAt
    previous = attempt
  })
  const redrive = obligation.state === 'waiting' ? redriveUntil(now) : undefined
  if (redrive) drawRedrive(redrive, 'open')
  if (obligation.state === 'waiting') spans.push(openWait(redrive ? undefined : previous, freeAt, now))
  if (obligation.state === 'retrying') spans.push(openBackoff(obligation, freeAt, now))
  if (obligation.state === 'dead_lettered' && previous) spans.push(givenUp(obligation, freeAt))
  return spans
}

/** Clocks of the control plane and of a worker may differ by so much, in milliseconds. */
const slackMs = 50

/** From an attempt that failed for the last time to the copy that went back: given up, held, sent. */
function redriveSpans(
  redrive: Redriven,
  before: readonly WaterfallSpan[],
  from: number,
  at: number,
  key: string,
): WaterfallSpan[] {
  const runs = before.filter(({ attempt }) => attempt !== undefined).length
  return [
    {
      ...{
        key: `${key}.dead`,
        label: 'dead-lettered',
        note: runs === 1 ? '1 attempt' : `${runs} attempts`,
      },
      ...{ tone: 'dead', glyph: 'dead', to: from, took: '–' },
      bars: [{ kind: 'mark', from, to: from }],
    },
    {
      ...{
        key: `${key}.held`,
        label: 'in dead letters',
        tone: 'dead',
        glyph: 'dead',
        to: at,
        took: durationWords(at - from),
      },
      bars: [{ kind: 'held', from, to: at }],
    },
    {
      ...{ key: `${key}.redriven`, label: redrivenBy, tone: 'in-flight', glyph: 'redriven', to: at, took: '–' },
      ...(redrive.body === undefined ? {} : { note: 'edited' }),
      bars: [{ kind: 'sent', from: at, to: at }],
    },
  ]
}

const waitSpan = (from: number, to: number, key: string): WaterfallSpan => ({
  ...{ key: `${key}.wait`, label: 'wait', tone: 'in-flight', glyph: 'waiting', to, took: millis(to - from) },
  bars: [{ kind: 'wait', from, to }],
})

/** It is among the dead letters now, since the broker stored it there. */
function givenUp({ reason, settledAt }: Obligation, from: number): WaterfallSpan {
  const to = settledAt === undefined ? from : Math.max(from, Date.parse(settledAt))
  return {
    ...{ key: 'given-up', label: 'dead-lettered', tone: 'dead', glyph: 'dead', to },
    ...(reason === undefined ? {} : { note: reasonWords[reason] }),
    took: settledAt === undefined ? '–' : millis(to - from),
    bars: [{ kind: 'held', from, to }],
  }
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
): WaterfallSpan {
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
    planned: plain(gap - waitMs),
    took: gap < 60_000 ? millis(gap) : durationWords(gap),
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
): WaterfallSpan {
  const running = attempt.outcome === undefined
  // One that found its effect made and failed nevertheless was a try.
  const repeat = done || (attempt.effect?.suppressed && attempt.outcome !== 'error')
  const view = repeat ? skipped : running ? handling : outcomes[attempt.outcome ?? 'ok']
  const inner = innerSpans(attempt, { from, to, key, tone: view.tone })
  return {
    key,
    label: repeat ? `delivery ${attempt.receiveCount}` : `attempt ${index + 1}`,
    note: repeat ? (attempt.outcome === 'ok' ? 'skipped' : (attempt.error?.type ?? 'again')) : noteOf(attempt),
    ...view,
    ...(why === undefined ? {} : { why }),
    ...(attempt.error === undefined ? {} : { error: attempt.error.type }),
    to,
    bars: [{ kind: 'handling', from, to }],
    took: running ? '…' : millis(to - from),
    attempt,
    ...(inner.length === 0 ? {} : { inner }),
  }
}

/** The broker had given the message to another, and took no word of this one any more. */
const fencedSpan = (attempt: Attempt, at: number, key: string): WaterfallSpan => ({
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

const openWait = (previous: Attempt | undefined, from: number, now: number): WaterfallSpan => ({
  key: 'open.wait',
  label: previous ? 'given back' : 'wait',
  tone: 'in-flight',
  glyph: 'waiting',
  to: Math.max(from, now),
  bars: [{ kind: 'wait', from, to: Math.max(from, now) }],
  took: '…',
})

function openBackoff(obligation: Obligation, from: number, now: number): WaterfallSpan {
  const due = obligation.dueAt === undefined ? now : Date.parse(obligation.dueAt)
  return {
    key: 'open.backoff',
    label: 'backoff',
    note: due > now ? `due in ${durationWords(due - now)}` : 'due',
    tone: 'retrying',
    glyph: 'waiting',
    to: Math.max(due, now, from),
    bars: [
      { kind: 'backoff', from, to: Math.max(from, due) },
      ...(now > due ? [{ kind: 'wait' as const, from: due, to: now }] : []),
    ],
    planned: plain(Math.max(0, due - from)),
    took: '…',
  }
}

/** Milliseconds without their unit, which the column beside them has. */
const plain = (ms: number): string => (ms < 60_000 ? Math.round(ms).toLocaleString('en-US') : durationWords(ms))
