import type { Run } from '../api/run.ts'

/** A figure of two runs of one scenario. */
export interface ComparedFigure {
  /** `delivery.latency.p99 consumer-db`. */
  name: string
  unit: 'ms' | 'messages'
  a: number | null
  b: number | null
  /** Whether more of it is worse, or less. */
  worse: 'more' | 'less'
}

/** What differs between two runs. */
export interface Comparison {
  figures: ComparedFigure[]
  /** Checks whose results differ. */
  checks: { id: string; a: string; b: string }[]
  /** Why the two cannot be compared as they are; empty where they can. */
  remarks: string[]
}

/** Compares two runs by their last figures and their checks. */
export function compareRuns(a: Run, b: Run): Comparison {
  const groups = [...new Set([...Object.keys(a.sample?.groups ?? {}), ...Object.keys(b.sample?.groups ?? {})])].sort()
  const of = (
    name: string,
    unit: ComparedFigure['unit'],
    worse: ComparedFigure['worse'],
    pick: (run: Run) => number | null | undefined,
  ): ComparedFigure => {
    return { name, unit, worse, a: pick(a) ?? null, b: pick(b) ?? null }
  }
  const results = new Map(b.checks.map(({ id, result }) => [id, result]))
  return {
    figures: [
      of('publish.acked', 'messages', 'less', ({ sample }) => sample?.acked),
      of('publish.failed', 'messages', 'more', ({ sample }) => sample?.failed),
      ...groups.flatMap((group) => [
        of(`delivery.latency.p50 ${group}`, 'ms', 'more', ({ sample }) => sample?.groups[group]?.p50Ms),
        of(`delivery.latency.p99 ${group}`, 'ms', 'more', ({ sample }) => sample?.groups[group]?.p99Ms),
        of(`consumer.delivered ${group}`, 'messages', 'less', ({ sample }) => sample?.groups[group]?.delivered),
        of(`consumer.dead_lettered ${group}`, 'messages', 'more', ({ sample }) => sample?.groups[group]?.deadLettered),
      ]),
      of('drain', 'ms', 'more', drainMs),
    ],
    checks: a.checks.flatMap(({ id, result }) => {
      const other = results.get(id)
      return other === undefined || other === result ? [] : [{ id, a: result, b: other }]
    }),
    remarks: [
      ...(a.name === b.name ? [] : [`they are runs of two scenarios: ${a.name} and ${b.name}`]),
      ...(a.eventsDigest === b.eventsDigest ? [] : ['they did not send the same messages']),
      ...(a.broker === b.broker ? [] : [`A ran on ${a.broker}, B on ${b.broker}`]),
      ...(a.version === b.version ? [] : [`A is of version ${a.version}, B of ${b.version}`]),
    ],
  }
}

/** Milliseconds that the phases without a fixed length took. */
const drainMs = ({ phases }: Run): number | null => {
  const drains = phases.filter(
    ({ durationMs, beganAt, endedAt }) => durationMs === undefined && beganAt !== undefined && endedAt !== undefined,
  )
  return drains.length === 0 ? null : drains.reduce((sum, { beganAt = 0, endedAt = 0 }) => sum + endedAt - beganAt, 0)
}

/** By how much B is worse than A, as a share of A; 0 where it is not, infinite where A is 0 or B has lost the figure. */
export function worsening({ a, b, worse }: ComparedFigure): number {
  if (a === null) return 0
  // What B never came to is no better than any figure: a group without a latency has delivered nothing.
  if (b === null) return Number.POSITIVE_INFINITY
  const more = worse === 'more' ? b - a : a - b
  if (more <= 0) return 0
  return a === 0 ? Number.POSITIVE_INFINITY : more / a
}
