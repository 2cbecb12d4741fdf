import { eventLogInSnapshot } from '#contracts/api/event-log.ts'
import {
  type HistoryMoment,
  type HistoryRange,
  type HistoryStep,
  historyMarksMax,
  historyTrackPoints,
  momentRows,
} from '#contracts/api/history.ts'
import type { Journey } from '#contracts/api/journey.ts'
import { type ChartPoint, chartPoints, sparkPoints } from '#contracts/api/live.ts'
import type { RunItem } from '#contracts/api/run.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { ApiProblem } from '../problem/problem.ts'
import type { ChangeBuffer } from './change-buffer.ts'
import { type Changes, countUntil, noChanges } from './changes.ts'
import { faultAtMoment } from './fault-at.ts'
import { foldChanges } from './fold-changes.ts'
import type { HistoryFiles } from './history-files.ts'
import type { HistoryIndex } from './history-index.ts'
import { journeyAt } from './journey-at.ts'
import { messageRowAt } from './message-rows.ts'
import { messagesAt, newestMessages, type Recorded } from './messages-at.ts'
import { indexAt, type Moment } from './moment.ts'
import type { RetentionLimits } from './retention.ts'

/** Clocks of those who report to the ledger may be ahead of ours by so much, milliseconds: a publish counts from when it was known. */
const clockAheadMs = 5_000

export interface HistoryParts {
  index: HistoryIndex
  files: Pick<HistoryFiles, 'bytes'>
  /** Changes since the last keyframe. */
  buffer: Pick<ChangeBuffer, 'changes'>
  limits: RetentionLimits
  /** A kept journey; undefined if it is not kept. */
  journey(id: string): Journey | undefined
  runs(): RunItem[]
  now(): number
}

/** The past of the lab. Every moment between the first and the last one can be asked for. */
export interface History {
  /** What there is between two times; default: all of it. */
  range(from?: number, to?: number): HistoryRange
  /** Throws `unknown_moment`. */
  at(t: number): HistoryMoment
  /** Throws `unknown_moment`, `unknown_message`, `message_dropped`. */
  message(id: string, t: number): Journey
  next(t: number, direction: 'forward' | 'back'): HistoryStep
}

export function createHistory(parts: HistoryParts): History {
  const { index, buffer, limits, now } = parts
  const { moments, marks } = index

  /** What followed a moment; after the last keyframe that is what is not cut yet, unless something before that is missing. */
  const changesOf = (moment: Moment): Changes => {
    if (moment !== moments.at(-1)) return index.changesOf(moment)
    return index.openGap ? noChanges : buffer.changes
  }

  function recordedAt(t: number): Recorded & { moment: Moment } {
    const last = indexAt(moments, t)
    const moment = moments[last]
    if (moment && t <= Math.max(now(), moments.at(-1)?.at ?? 0)) return { moments, last, t, changesOf, moment }
    const [first, end] = [moments[0]?.at, moments.at(-1)?.at]
    const kept =
      first === undefined || end === undefined
        ? 'nothing is recorded yet'
        : `ask for one from ${new Date(first).toISOString()} to ${new Date(end).toISOString()}`
    throw new ApiProblem('unknown_moment', `${iso(t)} is not recorded: ${kept}`)
  }

  function faultsAt(t: number, ofFrame: readonly Fault[]): Fault[] {
    const known = new Map(ofFrame.map((fault) => [fault.id, fault]))
    const since = t - chartPoints * 1_000
    const faults = [...index.faults.values()].flatMap((fault) => {
      const was = known.get(fault.id)
      if (fault.state === 'failed' || was?.state === 'failed') return was ?? []
      const cut = faultAtMoment(fault, t)
      if (!cut || (cut.healedAt !== undefined && Date.parse(cut.healedAt) < since)) return []
      return was
        ? { ...cut, hits: Math.max(was.hits, cut.observedAt === undefined ? 0 : 1), messages: was.messages }
        : cut
    })
    return faults.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  }

  /** Points of the charts that ended by the moment, oldest first, and the sparklines of the last minute. */
  function chartsAt(last: number): { charts: ChartPoint[]; sparks: Record<string, number[]> } {
    const charts: ChartPoint[] = []
    const ticks: Record<string, number>[] = []
    for (let number = last; number >= 0 && charts.length < chartPoints; number -= 1) {
      const moment = moments[number]
      if (!moment?.hasChart) continue
      const second = index.secondOf(moment)
      if (!second?.chart) continue
      charts.push(second.chart)
      if (ticks.length < sparkPoints && second.sparks) ticks.push(second.sparks)
    }
    const sparks: Record<string, number[]> = {}
    for (const tick of ticks.reverse()) {
      for (const [id, value] of Object.entries(tick)) {
        sparks[id] ??= []
        sparks[id].push(value)
      }
    }
    return { charts: charts.reverse(), sparks }
  }

  return {
    range(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
      const within = moments.filter(({ at }) => at >= from && at <= to)
      const timed = within.filter(({ lag }) => lag !== undefined)
      const step = Math.ceil(timed.length / historyTrackPoints)
      const isWithin = (since: string, until: string | undefined): boolean =>
        Date.parse(since) <= to && (until === undefined || Date.parse(until) >= from)
      return {
        ...{ from: moments[0]?.at ?? null, to: moments.at(-1)?.at ?? null },
        ...{ keptSeconds: limits.seconds, maxBytes: limits.maxBytes, bytes: parts.files.bytes },
        gaps: index.gaps.filter((gap) => gap.from <= to && gap.to >= from),
        marks: marks
          .list()
          .filter(({ t }) => t >= from && t <= to)
          .slice(-historyMarksMax),
        faults: [...index.faults.values()].filter(({ createdAt, healedAt }) => isWithin(createdAt, healedAt)),
        lag: timed.filter((_, number) => number % step === 0).map(({ at, lag }) => ({ at, lag: lag ?? {} })),
        runs: parts.runs().filter(({ startedAt, endedAt }) => {
          const end = endedAt === undefined ? now() : Date.parse(endedAt)
          const last = moments[indexAt(moments, end)]
          return last !== undefined && last.at >= Date.parse(startedAt)
        }),
      }
    },

    at(t) {
      const recorded = recordedAt(t)
      const { moment, last } = recorded
      const gap = index.gapAt(t)
      const frame = index.frameOf(moment)
      if (!frame) throw new ApiProblem('unknown_moment', `what was recorded at ${iso(moment.at)} cannot be read`)
      const changes = changesOf(moment)
      const rows = newestMessages(recorded, momentRows).map((each) => messageRowAt(each, parts.journey(each.id), t))
      return {
        ...{ t, keyframeAt: moment.at },
        ...(gap ? { gap } : {}),
        snapshot: {
          ...frame,
          ...{ seq: 0, at: t },
          ledger: foldChanges(frame.ledger, changes, countUntil(changes, t - moment.at)),
          faults: faultsAt(t, frame.faults),
          ...chartsAt(last),
          events: marks.entriesAt(t, eventLogInSnapshot),
          tail: { rows: rows.reverse(), skipped: 0 },
        },
      }
    },

    message(id, t) {
      const recorded = recordedAt(t)
      const journey = parts.journey(id)
      const begin = journey && Date.parse(journey.publish.attemptedAt) - clockAheadMs
      const from = begin === undefined ? 0 : Math.max(indexAt(moments, begin), 0)
      const states = messagesAt(recorded, [id], from).get(id)?.groups
      if (!journey && states) throw new ApiProblem('message_dropped', `the journey of ${id} is no longer kept`)
      if (!journey) throw new ApiProblem('unknown_message', `no message ${id} is known at ${iso(t)}`)
      const cut = journeyAt(journey, t, new Map([...(states ?? [])].map(([group, { state }]) => [group, state])))
      if (!cut) throw new ApiProblem('unknown_message', `${id} was published after ${iso(t)}`)
      return cut
    },

    next(t, direction) {
      const mark = marks.next(t, direction)
      return mark ? { t: mark.shownAt, mark } : { t: null }
    },
  }
}

const iso = (t: number): string => (Math.abs(t) < 8.64e15 ? new Date(t).toISOString() : String(t))
