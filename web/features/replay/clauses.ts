import type { HistoryMark } from '#contracts/api/history.ts'
import type { Run } from '#contracts/api/run.ts'
import { sentenceOf } from '#contracts/narration/clause-in-words.ts'
import type { Patch } from '#web/live/url-state.ts'

/** Something that happened, numbered above the track; a step leads from one to the next. */
export interface ReplayClause {
  /** When it happened, epoch milliseconds. */
  t: number
  /** The moment that shows what came of it. */
  shownAt: number
  label: string
  tone: 'plain' | 'fault' | 'warn'
  /** Where it can be looked at. */
  evidence?: { text: string; patch: Patch }
}

/** The clauses of what was recorded, oldest first. That messages were published is the curve itself, and no clause. */
export function clausesOf(marks: readonly HistoryMark[]): ReplayClause[] {
  return marks
    .filter(({ kind }) => kind !== 'publish')
    .map(({ t, shownAt, label, kind, level, faultId, subject }) => ({
      ...{ t, shownAt, label },
      tone: kind === 'fault' ? 'fault' : level === 'info' ? 'plain' : 'warn',
      ...(faultId === undefined
        ? {}
        : { evidence: { text: subject ?? 'fault', patch: { dock: 'log', log: 'fault' } } }),
    }))
}

/** The sentences of what happened in a run, at the moments that they speak of; undefined if the run has none yet. */
export function narratedClauses({
  narration,
  startedAt,
}: Pick<Run, 'narration' | 'startedAt'>): ReplayClause[] | undefined {
  if (!narration || narration.length === 0) return undefined
  const begin = Date.parse(startedAt)
  return narration.map((one) => ({
    ...{ t: begin + one.t, shownAt: begin + one.t, label: sentenceOf(one) },
    tone: one.evidence.some(({ kind }) => kind === 'fault') ? 'fault' : 'plain',
  }))
}

/**
 * Index of the clause that is shown at `t`, -1 before the first. Of several at one moment it is the last one, or the `chosen` one where the
 * reader went to it.
 */
export const clauseAt = (clauses: readonly ReplayClause[], t: number, chosen?: number): number =>
  chosen !== undefined && clauses[chosen]?.shownAt === t ? chosen : clauses.findLastIndex(({ shownAt }) => shownAt <= t)

/** A ring above the track: the clauses that have no room beside each other share one. */
export interface Ring {
  x: number
  /** Number of its first clause, from 1. */
  number: number
  clauses: ReplayClause[]
}

/** Rings at their places, at least `apart` pixels from each other, so that each can be hit (WCAG 2.5.8). */
export function ringsOf(clauses: readonly ReplayClause[], x: (t: number) => number, apart = 24): Ring[] {
  const rings: Ring[] = []
  for (const [index, clause] of clauses.entries()) {
    const last = rings.at(-1)
    const at = x(clause.t)
    if (last && at - last.x < apart) last.clauses.push(clause)
    else rings.push({ x: at, number: index + 1, clauses: [clause] })
  }
  return rings
}

/** Index of the clause that a step leads to; undefined if there is none that way. Those of one moment are a step each. */
export function clauseFrom(
  clauses: readonly ReplayClause[],
  t: number,
  direction: 'forward' | 'back',
  chosen?: number,
): number | undefined {
  const current = clauseAt(clauses, t, chosen)
  const isPast = (clauses[current]?.shownAt ?? t) < t
  const next = direction === 'forward' ? current + 1 : isPast ? current : current - 1
  return clauses[next] ? next : undefined
}
