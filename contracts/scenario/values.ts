import { z } from 'zod'

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const durationText = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
/** A day. */
const longestMs = 86_400_000

/** Milliseconds of `200ms`, `30s`, `1.5m`, `2h`; undefined if the text is not one of these, or is longer than a day. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = durationText.exec(text) ?? []
  const ms = Math.round(Number(count) * (units[unit ?? ''] ?? Number.NaN))
  return ms <= longestMs ? ms : undefined
}

const durationHint = 'is not a duration; write a number and ms, s, m or h, at most 24h: 200ms, 30s, 2m'

/** A duration in a file, as milliseconds. */
export const duration = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing; add a duration: 30s' : durationHint) })
  .regex(durationText, { error: durationHint, abort: true })
  .refine((text) => durationMs(text) !== undefined, durationHint)
  .transform((text) => durationMs(text) ?? 0)
  .meta({ description: 'A number and ms, s, m or h: `200ms`, `30s`, `2m`.' })

const percentText = /^(\d+(?:\.\d+)?)%$/
const percentHint = 'is not a percentage; write 0% to 100%'

/** A percentage in a file, as a number from 0 to 100. */
export const percent = z
  .string({ error: percentHint })
  .regex(percentText, { error: percentHint, abort: true })
  .refine((text) => Number.parseFloat(text) <= 100, percentHint)
  .transform((text) => Number.parseFloat(text))
  .meta({ description: '`0%` to `100%`.' })

/** `1.5s`, `200ms`. */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`
  if (ms < 120_000) return `${Math.round(ms / 100) / 10}s`
  return `${Math.round(ms / 6_000) / 10}m`
}
