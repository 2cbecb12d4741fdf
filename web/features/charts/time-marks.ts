import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { begunAt, faultName } from '../faults/fault-words.ts'

/** A fault on a time axis. Times are epoch milliseconds. */
export interface Band {
  id: string
  label: string
  from: number
  /** Absent while it is in effect. */
  to?: number
  /** False: it is in place and was never seen to take effect. */
  observed: boolean
}

/** A rebalance, or a note of a person, on a time axis. */
export interface TimeTick {
  at: number
  label: string
}

/** What is drawn on the time axis of a chart beside its lines. */
export interface TimeMarks {
  bands: Band[]
  ticks: TimeTick[]
  /** What a person wrote into the event log. Absent: nothing. */
  notes?: TimeTick[]
  /** Where one part of the time ends and the next begins: the phases of a run. */
  edges?: TimeTick[]
}

/** Members of a group report one rebalance one after the other. */
const oneRebalanceMs = 1_000

/** Faults as bands from when they took effect to when they were healed, rebalances as ticks, and notes; oldest first. */
export function timeMarksOf(faults: readonly Fault[], events: readonly EventLogEntry[]): TimeMarks {
  const bands = faults.flatMap((fault): Band[] => {
    const from = begunAt(fault)
    if (from === undefined || fault.state === 'failed') return []
    return [
      {
        id: fault.id,
        label: faultName(fault),
        from,
        ...(fault.healedAt === undefined ? {} : { to: Date.parse(fault.healedAt) }),
        observed: fault.observedAt !== undefined,
      },
    ]
  })
  const ticks: TimeTick[] = []
  const lastOf = new Map<string, TimeTick>()
  const notes: TimeTick[] = []
  for (const { at, kind, group, message } of events) {
    const time = Date.parse(at)
    if (kind === 'note') notes.push({ at: time, label: message })
    if (kind === 'note' || group === undefined) continue
    const last = lastOf.get(group)
    if (last && time - last.at < oneRebalanceMs) {
      last.label += `; ${message}`
      continue
    }
    const tick = { at: time, label: message }
    lastOf.set(group, tick)
    ticks.push(tick)
  }
  return { bands: bands.sort((a, b) => a.from - b.from), ticks, ...(notes.length > 0 ? { notes } : {}) }
}

/** A bar above a chart: one band, or several that there was no lane for. */
export interface Bar {
  from: number
  to: number
  bands: Band[]
}

/**
 * Bars in lanes, none over another. At most `most` lanes: what finds no room is drawn together with its neighbours in the
 * last one. Bands are cut to `from`–`to`; those outside are left out.
 */
export function barLanes(bands: readonly Band[], from: number, to: number, most: number): Bar[][] {
  const lanes: Bar[][] = []
  for (const band of bands) {
    const bar = { from: Math.max(from, band.from), to: Math.min(to, band.to ?? to), bands: [band] }
    if (bar.to < from || bar.from > to) continue
    const free = lanes.find((lane) => (lane.at(-1)?.to ?? 0) <= bar.from)
    const last = lanes[most - 1]
    if (free) free.push(bar)
    else if (last === undefined) lanes.push([bar])
    else join(last, bar)
  }
  return lanes
}

function join(lane: Bar[], bar: Bar): void {
  const before = lane.at(-1)
  if (!before) return
  before.to = Math.max(before.to, bar.to)
  before.bands.push(...bar.bands)
}

/** What was the case at a moment, for a tooltip. `nearMs`: how far from it a tick may be. */
export function marksAt({ bands, ticks, notes = [] }: TimeMarks, at: number, nearMs: number): string[] {
  return [
    ...bands.filter(({ from, to }) => from <= at + nearMs && (to ?? at) >= at - nearMs).map(({ label }) => label),
    ...[...notes, ...ticks].filter((tick) => Math.abs(tick.at - at) <= nearMs).map(({ label }) => label),
  ]
}
