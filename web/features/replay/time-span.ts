import { clock } from '../words/figures.ts'

/** A part of the time, epoch milliseconds. */
export interface Span {
  from: number
  to: number
}

/** Lengths of the track, by the word of the switch. */
export const spanLengths = [
  { value: '1m', label: '1 min', ms: 60_000 },
  { value: '10m', label: '10 min', ms: 600_000 },
  { value: '1h', label: '1 h', ms: 3_600_000 },
] as const
export type SpanLength = (typeof spanLengths)[number]['value']

/**
 * The part of `whole` that the track shows, `ms` long if there is so much: the former one as long as `t` is in it, else one in
 * which `t` is where the reader sees what comes.
 */
export function spanAround(t: number, ms: number, whole: Span, before: Span | undefined): Span {
  const length = Math.min(ms, whole.to - whole.from)
  const fits = before && Math.abs(before.to - before.from - length) < 1_000
  if (fits && t >= before.from && t <= before.to) return before
  const share = before && fits && t > before.to ? 0.1 : 0.5
  const from = Math.max(whole.from, Math.min(t - length * share, whole.to - length))
  return { from, to: from + length }
}

/** Ticks of the axis at round distances, at most `most`. With `since` they are times since then, else times of day. */
export function replayTicksOf({ from, to }: Span, most: number, since?: number): { at: number; text: string }[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800]
  const step = 1_000 * (steps.find((seconds) => (to - from) / (seconds * 1_000) <= most) ?? 3_600)
  const origin = since ?? -new Date(from).getTimezoneOffset() * -60_000
  const ticks: { at: number; text: string }[] = []
  for (let at = origin + Math.ceil((from - origin) / step) * step; at <= to; at += step) {
    ticks.push({ at, text: since === undefined ? clock(at).slice(0, 8) : `${Math.round((at - since) / 1_000)}` })
  }
  return ticks
}

/** A time since the begin of a run: `12.4 s`, `2 min 5.0 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${(seconds % 60).toFixed(1)} s`
}

/** Epoch milliseconds of an address: a number or RFC 3339; undefined if it is neither. */
export function timeIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const at = /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text)
  return Number.isFinite(at) ? at : undefined
}
