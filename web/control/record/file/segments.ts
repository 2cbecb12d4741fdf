import type { Act, ActOf } from '../act.ts'

/** Messages that were sent one after another, as a phase can send them again. */
export interface RecordedSegment {
  /** Milliseconds into the recording. */
  from: number
  to: number
  /** Messages by event type. */
  counts: Map<string, number>
  /** JSON texts by event type, as far as they were kept. */
  bodies: Map<string, string[]>
  /** Set if the messages came from a burst. */
  burst?: ActOf<'burst'>
}

/** A gap that ends a row of single messages, and the shortest phase, in milliseconds. */
const gapMs = 2_000
const shortestMs = 100
/** The highest rate that a phase can have. */
const rateMost = 20_000
/** Phases of messages at most; pauses between them, the drain and the pause at the end take others. */
const segmentsMost = 45

/**
 * Puts publishes and bursts in a row of segments that do not overlap: single messages of one type that follow each other closely are one
 * segment, and what was sent at the same time is one of several types. None reaches over one of the moments `pausesAt`.
 */
export function recordedSegmentsOf(acts: readonly Act[], pausesAt: readonly number[] = []): RecordedSegment[] {
  const rows: RecordedSegment[] = []
  let open: (RecordedSegment & { last: number }) | undefined
  const isPauseIn = (from: number, to: number): boolean => pausesAt.some((at) => from <= at && at < to)
  const close = (): void => {
    if (open) rows.push(withEnd(open, { last: open.last, pausesAt }))
    open = undefined
  }
  for (const act of acts) {
    if (act.kind === 'burst') {
      const end = acts.find((one) => one.kind === 'burstEnd' && one.id === act.id)
      const count = end?.kind === 'burstEnd' ? end.attempted : act.count
      if (count === 0) continue
      const lasts = Math.max(shortestMs, Math.ceil((count * 1_000) / Math.min(act.ratePerSecond, rateMost)))
      rows.push({
        from: act.at,
        to: before(pausesAt, act.at, { to: act.at + lasts, count }),
        counts: new Map([[act.type, count]]),
        bodies: new Map(),
        burst: act,
      })
    } else if (act.kind === 'publish') {
      const { at } = act
      if (open && (!open.counts.has(act.type) || at - open.last > gapMs || isPauseIn(open.last, at))) close()
      open ??= { from: act.at, to: act.at, last: act.at, counts: new Map(), bodies: new Map() }
      open.last = act.at
      open.counts.set(act.type, (open.counts.get(act.type) ?? 0) + 1)
      if (act.body !== undefined) open.bodies.set(act.type, [...(open.bodies.get(act.type) ?? []), act.body])
    }
  }
  close()
  return few(apart(rows.sort((a, b) => a.from - b.from)))
}

/** The last message of a phase is due one step before its end. */
function withEnd(
  segment: RecordedSegment,
  { last, pausesAt }: { last: number; pausesAt: readonly number[] },
): RecordedSegment {
  const count = [...segment.counts.values()].reduce((sum, more) => sum + more, 0)
  const step = count > 1 ? (last - segment.from) / (count - 1) : 0
  const shortest = Math.max(shortestMs, (count * 1_000) / rateMost)
  const { from, counts, bodies } = segment
  const to = from + Math.ceil(Math.max(shortest, last - from + step))
  return { from, counts, bodies, to: before(pausesAt, from, { to, count }) }
}

/** The end `to` of a segment from `from`, or the next pause where that comes before; never shorter than its messages take. */
function before(pausesAt: readonly number[], from: number, { to, count }: { to: number; count: number }): number {
  const pause = pausesAt.find((at) => at >= from) ?? to
  return Math.min(to, Math.max(pause, from + shortestMs, from + Math.ceil((count * 1_000) / rateMost)))
}

/** Segments that overlap become one; what only reaches into the next by its shortest length is cut there, or the next begins later. */
function apart(rows: readonly RecordedSegment[]): RecordedSegment[] {
  const found: RecordedSegment[] = []
  /** How much later what comes now is than it was, after a burst that was moved. */
  let moved = 0
  for (const given of rows) {
    const before = found.at(-1)
    // A pause makes up for it.
    moved = Math.min(moved, Math.max(0, (before?.to ?? 0) - given.from))
    const row = { ...given, from: given.from + moved, to: given.to + moved }
    if (!before || before.to <= row.from) found.push(row)
    else if (row.from - before.from >= shortestMs && before.to - row.from < gapMs && before.burst === undefined) {
      before.to = row.from
      found.push(row)
    } else if (row.burst !== undefined && before.burst === undefined && before.to - before.from <= 2 * shortestMs) {
      // A burst that a program started right after its messages is still a burst, with what was asked of it, a moment later.
      moved += before.to - row.from
      found.push({ ...row, from: before.to, to: before.to + (row.to - row.from) })
    } else found[found.length - 1] = union(before, row)
  }
  return found
}

/** Neighbours with the least time between them become one, until there are few enough. */
function few(rows: readonly RecordedSegment[]): RecordedSegment[] {
  const found = [...rows]
  while (found.length > segmentsMost) {
    let nearest = 1
    for (let index = 1; index < found.length; index += 1) {
      if (span(found, index) < span(found, nearest)) nearest = index
    }
    const [a, b] = [found[nearest - 1], found[nearest]]
    if (!a || !b) break
    found.splice(nearest - 1, 2, union(a, b))
  }
  return found
}

const span = (rows: readonly RecordedSegment[], index: number): number =>
  (rows[index]?.to ?? 0) - (rows[index - 1]?.from ?? 0)

function union(a: RecordedSegment, b: RecordedSegment): RecordedSegment {
  const counts = new Map(a.counts)
  for (const [type, more] of b.counts) counts.set(type, (counts.get(type) ?? 0) + more)
  const bodies = new Map(a.bodies)
  for (const [type, more] of b.bodies) bodies.set(type, [...(bodies.get(type) ?? []), ...more])
  const from = Math.min(a.from, b.from)
  return { from, to: Math.max(a.to, b.to), counts, bodies }
}
