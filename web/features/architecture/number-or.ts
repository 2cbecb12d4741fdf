import { isKept } from '#contracts/events/exact-numbers.ts'

/**
 * What is written into the lab file for a field of a whole number: nothing if it is empty; the text as it was typed if it is no such
 * number, or has more digits than the file keeps, so that the checks of the file say what is wrong and no digit is changed.
 */
export const numberOr = (text: string): number | string | undefined =>
  text === '' ? undefined : /^\d+$/.test(text) && isKept(text) ? Number(text) : text
