import type { Attempt, Journey } from '#contracts/api/journey.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import { type AttemptRun, type PlacedSpan, placeTrace } from './place-spans.ts'
import { shownLog, shownSpan } from './shown.ts'
import type { ProgramTrace } from './trace.ts'

/** Spans that are shown with one message, and lines. */
export const shownMax = 200

/**
 * The journey with what programs reported of its traces. Of too many spans those of its last attempts are shown, of too many lines the
 * last. `isOther`: whether a span is a run of another message, whose spans are shown there.
 */
export function withTraces(
  journey: Journey,
  traces: readonly ProgramTrace[],
  isOther: (spanId: string) => boolean,
): Journey {
  const runs = new Map<Attempt, AttemptRun>()
  for (const { group, attempts } of journey.obligations)
    for (const attempt of attempts) runs.set(attempt, runOf(journey.id, group, attempt))
  const placed = traces.map((trace) => placeTrace(trace, [...runs.values()], isOther))
  const spans = new Map<AttemptRun, PlacedSpan[]>()
  for (const one of placed) for (const [run, more] of one.spans) spans.set(run, [...(spans.get(run) ?? []), ...more])

  let left = shownMax
  const shown = new Map<Attempt, Attempt>()
  for (const [attempt, run] of [...runs].sort(([, a], [, b]) => b.from - a.from)) {
    const taken = (spans.get(run) ?? []).slice(0, left)
    if (taken.length === 0) continue
    left -= taken.length
    shown.set(attempt, {
      ...attempt,
      spans: taken.map(({ span, depth, placedBy }) => shownSpan(span, depth, placedBy)),
    })
  }
  // Of one trace that several messages share, the others have their own.
  const alone = traces.every(({ messages }) => messages.size <= 1)
  const known = traces.reduce((sum, trace) => sum + trace.spans.length + trace.beyond, 0)
  const hidden = alone ? known - (shownMax - left) : countIn(spans) - (shownMax - left)
  const logs = placed.flatMap((one) => one.logs.map((log) => shownLog(log, journey.id)))
  return {
    ...journey,
    obligations: journey.obligations.map((obligation) => ({
      ...obligation,
      attempts: obligation.attempts.map((attempt) => shown.get(attempt) ?? attempt),
    })),
    logs: [...journey.logs, ...logs.sort((a, b) => a.at - b.at).slice(-shownMax)].sort((a, b) => a.at - b.at),
    ...(hidden > 0 ? { spansLeftOut: hidden } : {}),
  }
}

const countIn = (spans: ReadonlyMap<AttemptRun, readonly PlacedSpan[]>): number =>
  [...spans.values()].reduce((sum, { length }) => sum + length, 0)

function runOf(id: string, group: string, attempt: Attempt): AttemptRun {
  const from = Date.parse(attempt.startedAt)
  const end = attempt.handlingMs === undefined ? undefined : from + attempt.handlingMs
  const gone = attempt.endedBy === undefined ? undefined : Date.parse(attempt.endedBy.at)
  return {
    ...{ group, instance: attempt.instance },
    spanId: processSpanId({ id, group, attempt: attempt.attempt, receiveCount: attempt.receiveCount }),
    ...{ from, to: end ?? gone ?? Number.POSITIVE_INFINITY },
  }
}
