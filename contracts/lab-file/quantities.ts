import { z } from 'zod'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const percentPattern = /^(\d+(?:\.\d+)?)%$/

const durationText = z.string().regex(durationPattern, 'must be a duration, such as 200ms, 60s or 2m')

/**
 * A duration as a lab file has it: `200ms`, `1.5s`, `2m`, `1h`. Refused if its `wholeMillisecondsOf` are outside of the bounds, which
 * are milliseconds and are said then. One that may not be 0 may be a part of a millisecond.
 */
export const durationWithin = ({ min, max }: { min: number; max: number }) => {
  const least = min === 0 ? '' : min === 1 ? 'more than 0 and ' : `at least ${inUnits(min)} and `
  return durationText.refine(
    (text) => {
      const ms = millisecondsOf(text)
      // A text that is not a duration has its problem already.
      return Number.isNaN(ms) || ((ms > 0 || min === 0) && wholeMillisecondsOf(text) >= min && Math.round(ms) <= max)
    },
    `must be ${least}at most ${inUnits(max)}`,
  )
}

function inUnits(ms: number): string {
  const [unit, size] = Object.entries(units).findLast(([, size]) => ms % size === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}

/** A share as a lab file has it: `1%`, `0.5%`. */
export const percentText = z
  .string()
  .regex(percentPattern, 'must be a percentage, such as 1% or 0.5%')
  .refine((text) => Number.parseFloat(text) <= 100, 'must be at most 100%')

/** The milliseconds of a duration, as exact as it is written; NaN if it is not one. */
export function millisecondsOf(text: string): number {
  const [, count = '', unit = ''] = durationPattern.exec(text) ?? []
  return Number(count) * (units[unit as keyof typeof units] ?? Number.NaN)
}

/** The milliseconds of a duration, rounded; what is more than 0 is at least 1. */
export function wholeMillisecondsOf(text: string): number {
  const ms = millisecondsOf(text)
  return ms > 0 ? Math.max(1, Math.round(ms)) : ms
}

/** The share, 0–1, of a `percentText`. */
export const shareOf = (text: string): number => Number((Number.parseFloat(text) / 100).toPrecision(12))
