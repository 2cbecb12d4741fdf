import { parseExact } from '#contracts/events/exact-numbers.ts'
import type { Act } from '../act.ts'
import { type RecordedSegment, recordedSegmentsOf } from './segments.ts'
import { templateOf, varied } from './template-of.ts'

/** A phase of the file, and when it begins in the recording. */
export interface PlannedPhase {
  name: string
  from: number
  to: number
  /** The phase as it is written. */
  body: Record<string, unknown>
}

/** The phase after them, which waits until nothing is unsettled. */
export const drainPhase = 'drain'

const shortestPauseMs = 50

/**
 * Phases from the begin of the recording to its end, pauses among them. At the moments `pausesAt` the lab took no messages: none of the phases
 * that send reaches over one. `remark` is called with what they cannot say.
 */
export function phasesOf(
  acts: readonly Act[],
  { lengthMs, pausesAt = [] }: { lengthMs: number; pausesAt?: readonly number[] },
  remark: (text: string) => void,
): PlannedPhase[] {
  const phases: PlannedPhase[] = []
  let at = 0
  const pause = (to: number): void => {
    if (to - at < shortestPauseMs) return
    phases.push({ name: `pause-${phases.length + 1}`, from: at, to, body: { duration: lasts(to - at) } })
    at = to
  }
  for (const segment of recordedSegmentsOf(acts, pausesAt)) {
    pause(Math.round(segment.from))
    const to = Math.max(at + 100, Math.round(segment.to))
    const name = `send-${phases.length + 1}`
    phases.push({ name, from: at, to, body: sendingOf(segment, name, to - at, remark) })
    at = to
  }
  pause(Math.max(Math.round(lengthMs), at + (phases.length === 0 ? 100 : 0)))
  return phases
}

export const lasts = (ms: number): string => `${Math.max(1, Math.round(ms))}ms`

function sendingOf(
  { counts, bodies, burst }: RecordedSegment,
  name: string,
  ms: number,
  remark: (text: string) => void,
): Record<string, unknown> {
  const count = [...counts.values()].reduce((sum, more) => sum + more, 0)
  // A little more than exact: rounded down, the last message would be left out.
  const arrivalRate = Math.min(20_000, Math.ceil(((count * 1_000) / ms) * 1e6) / 1e6)
  const body = { duration: lasts(ms), arrivalRate }
  const [[type, only] = ['', 0], ...others] = counts
  if (others.length > 0) {
    remark(`${name}: messages of ${counts.size} types were sent at once; their order and their share are drawn`)
    return { ...body, types: Object.fromEntries(counts) }
  }
  const keys = burst?.keys === undefined ? {} : { keys: { distribution: 'uniform', count: burst.keys } }
  if (burst) return { ...body, type, ...(burst.data === undefined ? {} : { data: varied(burst.data) }), ...keys }
  const texts = bodies.get(type) ?? []
  if (texts.length < only) remark(`${name}: the contents of ${only - texts.length} messages were not kept`)
  const data = dataOf(texts, (pointer, what) => remark(`${name}: ${pointer || '/'} of ${type}: ${what}`))
  return { ...body, type, ...(data === undefined ? {} : { data }) }
}

/** Undefined if no contents were kept. */
function dataOf(texts: readonly string[], lose: (pointer: string, what: string) => void): unknown {
  return texts.length === 0 ? undefined : templateOf(texts.map(parseExact), lose)
}
