import { durationWords } from '../../words/figures.ts'

/** The smallest 1, 2, 2.5 or 5 times a power of ten, four of which cover the time. */
export function niceAxis(ms: number): number {
  const step = Math.max(ms, 0.4) / 4
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10
  return factor * power * 4
}

/** A mark of the axis: its words, and its place in percent of the lane. */
export interface AxisTick {
  text: string
  at: number
}

/** Where moments are in a lane, in percent; with a long wait cut out, where that was needed. */
export interface TimeAxis {
  ticks: AxisTick[]
  /** The piece of the lane that represents time cut out, in percent; undefined: the axis is whole. */
  cut: { left: number; width: number } | undefined
  /** Place of a moment, milliseconds since the axis began. */
  placeOf(ms: number): number
}

/** A row longer than this share of the time is cut, so that what was done around it can be seen. */
const longShare = 0.8
/** Shorter times are readable as they are, in milliseconds. */
const shortestCut = 10_000
/** What is kept of a long row on either side, in milliseconds. */
const keptBeside = 1_200
const cutWidth = 12.5

/** An axis of `total` milliseconds. `rows`: from and to of every row; one of most of the time is cut out but for its ends. */
export function timeAxis(total: number, rows: readonly { from: number; to: number }[]): TimeAxis {
  const long = rows.find(({ from, to }) => total >= shortestCut && to - from > longShare * total)
  const [from, to] = long ? [long.from + keptBeside, long.to - keptBeside] : [0, 0]
  if (to <= from) {
    const axisMs = niceAxis(total)
    return {
      ticks: ticksOf(axisMs).map((text, index) => ({ text, at: index * 25 })),
      cut: undefined,
      placeOf: (ms) => (Math.max(0, ms) / axisMs) * 100,
    }
  }
  const perMs = (100 - cutWidth) / (from + Math.max(0, total - to))
  const left = from * perMs
  const placeOf = (ms: number): number => {
    if (ms <= from) return Math.max(0, ms) * perMs
    if (ms < to) return left + ((ms - from) / (to - from)) * cutWidth
    return left + cutWidth + (ms - to) * perMs
  }
  return { ticks: cutTicks(from, long?.to ?? total, placeOf), cut: { left, width: cutWidth }, placeOf }
}

/** Marks are at least so far apart, in percent of the lane. */
const apart = 16

/** Round marks before the cut, as many as have room, and the time at which the long row ended after it. */
function cutTicks(from: number, end: number, placeOf: (ms: number) => number): AxisTick[] {
  const room = Math.max(1, Math.floor(placeOf(from) / apart))
  const steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 300_000, 1_800_000, 7_200_000]
  const step = steps.find((candidate) => from / candidate <= room) ?? from
  const marks = Array.from({ length: Math.floor(from / step) + 1 }, (_, index) => index * step)
  const before = marks.map((ms, index) => ({
    text: ms === 0 ? '0' : index === marks.length - 1 ? durationWords(ms) : inSeconds(ms),
    at: placeOf(ms),
  }))
  return [...before, { text: clockOf(end), at: placeOf(end) }]
}

const inSeconds = (ms: number): string => String(Number((ms / 1_000).toPrecision(3)))

/** `1:59`, `2:03:10`: a time since publish. */
function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** Marks for a narrow lane: the last one ends with the lane, so a long text of it takes the room of the one before. */
export function narrowTicks(ticks: readonly AxisTick[]): AxisTick[] {
  const last = ticks.at(-1)
  return ticks.map((tick) => (tick.at === 75 && last && last.text.length > 3 ? { ...tick, text: '' } : tick))
}

/** Five marks from 0 to `axisMs`; the last one carries the unit. */
export function ticksOf(axisMs: number): string[] {
  const [unit, size] =
    axisMs >= 3_600_000 * 4
      ? ['h', 3_600_000]
      : axisMs >= 240_000
        ? ['min', 60_000]
        : axisMs >= 1_000
          ? ['s', 1_000]
          : ['ms', 1]
  return [0, 1, 2, 3, 4].map((index) => {
    const value = Number(((axisMs * index) / 4 / Number(size)).toPrecision(3))
    return index === 4 ? `${value} ${unit}` : index === 0 ? '0' : String(value)
  })
}
