import { z } from 'zod'

/** An empty variable is an absent one, as in a shell's `NAME= command`. */
const absentWhereEmpty = (value: unknown): unknown => (value === '' ? undefined : value)

/** A variable's text; undefined if it is absent. */
export const text = z.preprocess(absentWhereEmpty, z.string().optional())

/** A variable's text, or `fallback` if it is absent. */
export const textOr = (fallback: string) => text.transform((value) => value ?? fallback)

/** `1` is true, everything else is false. */
export const flag = text.transform((value) => value === '1')

/** A whole number from `min` to `max`, or `fallback` where the variable is absent. */
export const wholeOr = (fallback: number, min: number, max: number) =>
  z.preprocess(absentWhereEmpty, z.coerce.number().int().min(min).max(max).default(fallback))

/** A whole number from `min` to `max`; undefined if the variable is absent. */
export const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(absentWhereEmpty, z.coerce.number().int().min(min).max(max).optional())

/** Names with commas between; none where the variable is absent. */
export const list = textOr('').transform((value) => value.split(',').flatMap((name) => name.trim() || []))

export const logLevel = textOr('info').pipe(z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']))

/** A variable without which a process cannot start; `what` says what it is. */
export const needed = (what: string) => z.string(`is needed: ${what}`).min(1, `is needed: ${what}`)

/** What is wrong with an environment, one `NAME: reason` after the other. */
export const wrongVariables = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
