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

/** A rebalance on a time axis. */
export interface TimeTick {
  at: number
  label: string
}

/** What is drawn on the time axis of a chart beside its lines. */
export interface TimeMarks {
  bands: Band[]
  ticks: TimeTick[]
  /** Where one part of the time ends and the next begins: the phases of a run. */
  edges?: TimeTick[]
}

/** Members of a group report one rebalance one after the other. */
const oneRebalanceMs = 1_000

/** Faults as bands from when they took effect to when they were healed, and rebalances as ticks; oldest first. */
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
  for (const { at, group, message } of events) {
    if (group === undefined) continue
    const time = Date.parse(at)
    const last = lastOf.get(group)
    if (last && time - last.at < oneRebalanceMs) {
      last.label += `; ${message}`
      continue
    }
    const tick = { at: time, label: message }
    lastOf.set(group, tick)
    ticks.push(tick)
  }
  return { bands: bands.sort((a, b) => a.from - b.from), ticks }
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
export function lanesOf(bands: readonly Band[], from: number, to: number, most: number): Bar[][] {
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
export function marksAt({ bands, ticks }: TimeMarks, at: number, nearMs: number): string[] {
  return [
    ...bands.filter(({ from, to }) => from <= at + nearMs && (to ?? at) >= at - nearMs).map(({ label }) => label),
    ...ticks.filter((tick) => Math.abs(tick.at - at) <= nearMs).map(({ label }) => label),
  ]
}
