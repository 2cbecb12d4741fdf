import type { ZodNumber } from 'zod'
import { count } from '../words/figures.ts'

/**
 * The number in a text as its contract takes it; undefined if it takes none such, also for a blank text. Spaces and commas
 * between digits mean nothing.
 * @param scale units of the contract in one of the text: 1,000 for seconds that are sent as milliseconds
 */
export function typedNumber(text: string, contract: ZodNumber, scale = 1): number | undefined {
  const typed = text.replaceAll(/[\s,]/g, '')
  const value = scale === 1 ? Number(typed) : Math.round(Number(typed) * scale)
  return typed !== '' && contract.safeParse(value).success ? value : undefined
}

/** What a contract takes, in the unit of the text: `from 1 to 10,000,000`. */
export const boundsOf = ({ minValue, maxValue }: ZodNumber, scale = 1): string =>
  `from ${count((minValue ?? 0) / scale)} to ${count((maxValue ?? 0) / scale)}`
