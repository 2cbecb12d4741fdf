import type { ReportedLog, ReportedSpan, Reporter } from '../otlp/reported.ts'
import type { ProgramTrace } from './trace.ts'

/** A run of a program, into which spans may belong. */
export interface AttemptRun {
  group: string
  instance: string
  /** Its span, which its delivery named as parent. Two runs of one message may have the same: before and after a redrive. */
  spanId: string
  /** Epoch milliseconds; `to` is Infinity while it runs. */
  from: number
  to: number
}

export interface PlacedSpan {
  span: ReportedSpan
  /** Spans of the run above it. */
  depth: number
  placedBy: 'parent' | 'time'
}

/** Clocks of a worker and of its program, on another machine perhaps, may differ by so much, in milliseconds. */
const slackMs = 1_000

/** What of one trace belongs into which run. `isOther`: whether a span is a run of another message. */
export function placeTrace(trace: ProgramTrace, runs: readonly AttemptRun[], isOther: (spanId: string) => boolean) {
  const byId = new Map(trace.spans.map((span) => [span.spanId, span]))
  const children = new Map<string, ReportedSpan[]>()
  const tops: ReportedSpan[] = []
  // By their ids: what was sent again is drawn once.
  for (const span of byId.values()) {
    const { parentSpanId } = span
    if (parentSpanId === undefined || !byId.has(parentSpanId)) tops.push(span)
    else {
      const siblings = children.get(parentSpanId) ?? []
      children.set(parentSpanId, siblings)
      siblings.push(span)
    }
  }
  const spans = new Map<AttemptRun, PlacedSpan[]>()
  const runOf = new Map<string, AttemptRun>()
  for (const top of tops.sort(byStart)) {
    const place = placeOf(top, top.parentSpanId, top.startedAt, runs, isOther)
    if (!place) continue
    const placed = spans.get(place.run) ?? []
    spans.set(place.run, placed)
    for (const [span, depth] of inOrder(top, children)) {
      runOf.set(span.spanId, place.run)
      placed.push({ span, depth, placedBy: place.by })
    }
  }
  const logs = trace.logs.filter(
    (log) =>
      (log.spanId !== undefined && runOf.has(log.spanId)) ||
      placeOf(log, log.spanId, log.at, runs, (id) => isOther(id) || byId.has(id)) !== undefined,
  )
  return { spans, logs }
}

/** By the run that it names, else by the service that ran at the time. */
function placeOf(
  reporter: Reporter | ReportedLog,
  parent: string | undefined,
  at: number,
  runs: readonly AttemptRun[],
  isOther: (spanId: string) => boolean,
): { run: AttemptRun; by: PlacedSpan['placedBy'] } | undefined {
  const named = runs.filter(({ spanId }) => spanId === parent)
  const [first] = named
  if (first) return { run: lastBegun(named, at) ?? first, by: 'parent' }
  if (parent !== undefined && isOther(parent)) return undefined
  const { service, instance } = reporter
  const own = runs.filter((run) => (instance === undefined ? run.group === service : run.instance === instance))
  const run = lastBegun(
    own.filter(({ to }) => at <= to + slackMs),
    at,
  )
  return run && { run, by: 'time' }
}

const lastBegun = (runs: readonly AttemptRun[], at: number): AttemptRun | undefined =>
  runs.filter(({ from }) => from <= at + slackMs).sort((a, b) => b.from - a.from)[0]

const byStart = (a: ReportedSpan, b: ReportedSpan): number => a.startedAt - b.startedAt

/** A span and all below it, each before what it caused. Without recursion: a program may nest as deep as it likes. */
function inOrder(top: ReportedSpan, children: ReadonlyMap<string, ReportedSpan[]>): [ReportedSpan, number][] {
  const found: [ReportedSpan, number][] = []
  const open: [ReportedSpan, number][] = [[top, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [span, depth] = next
    found.push(next)
    const below = [...(children.get(span.spanId) ?? [])].sort(byStart).reverse()
    open.push(...below.map((child): [ReportedSpan, number] => [child, depth + 1]))
  }
  return found
}
