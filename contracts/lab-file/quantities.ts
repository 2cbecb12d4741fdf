import { z } from 'zod'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const percentPattern = /^(\d+(?:\.\d+)?)%$/

/** A duration as a lab file has it: `200ms`, `1.5s`, `2m`, `1h`. */
export const durationText = z.string().regex(durationPattern, 'must be a duration, such as 200ms, 60s or 2m')

/** A share as a lab file has it: `1%`, `0.5%`. */
export const percentText = z
  .string()
  .regex(percentPattern, 'must be a percentage, such as 1% or 0.5%')
  .refine((text) => Number.parseFloat(text) <= 100, 'must be at most 100%')

/** The milliseconds of a `durationText`. */
export function millisecondsOf(text: string): number {
  const [, count = '', unit = ''] = durationPattern.exec(text) ?? []
  return Number(count) * (units[unit as keyof typeof units] ?? Number.NaN)
}

/** The share, 0–1, of a `percentText`. */
export const shareOf = (text: string): number => Number((Number.parseFloat(text) / 100).toPrecision(12))
