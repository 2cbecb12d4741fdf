/** Windows of the charts, by the word that the address and the switch use. */
export const chartWindows = [
  { value: '1m', label: '1 min', seconds: 60 },
  { value: '5m', label: '5 min', seconds: 300 },
  { value: '15m', label: '15 min', seconds: 900 },
  { value: '1h', label: '1 h', seconds: 3_600 },
  { value: '6h', label: '6 h', seconds: 21_600 },
  { value: '24h', label: '24 h', seconds: 86_400 },
] as const
export type ChartWindow = (typeof chartWindows)[number]['value']

const usual = chartWindows[1]

/** The window that the address asks for; five minutes where it asks for none that is known. */
export const chartWindowOf = (asked: string | undefined) => chartWindows.find(({ value }) => value === asked) ?? usual

/** A part of the time axis, epoch milliseconds. */
export interface TimeSpan {
  from: number
  to: number
}

/** Shorter spans cannot be zoomed to: a point is a second. */
const leastSpanMs = 5_000

/** The span between two moments within `whole`, in order; undefined if it is too short to be meant. */
export function spanBetween(a: number, b: number, whole: TimeSpan): TimeSpan | undefined {
  const from = Math.max(whole.from, Math.min(a, b))
  const to = Math.min(whole.to, Math.max(a, b))
  return to - from < leastSpanMs ? undefined : { from, to }
}

/** The span moved along by `byMs`, and held within `whole`. */
export function movedSpan(span: TimeSpan, byMs: number, whole: TimeSpan): TimeSpan {
  const length = span.to - span.from
  const from = Math.min(whole.to - length, Math.max(whole.from, span.from + byMs))
  return { from, to: from + length }
}

/** The row at or before a moment, of rows in their order; undefined before the first. */
export function rowAt<Row extends { at: number }>(rows: readonly Row[], at: number): Row | undefined {
  return rows.findLast((row) => row.at <= at)
}
