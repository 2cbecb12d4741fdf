import { decimalOf } from '#contracts/events/decimal.ts'
import { InvalidEventData } from './database-error.ts'

/** Strings are matched to be skipped; what is captured is a number. Each character is read once. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)/g
/** Beyond the range of a double, which ends near 1e±324. `numeric` goes to 131,072 digits and writes out every one of them. */
const largestExponent = 400

/** The numbers of a valid JSON text, as they are written there. */
function* numbersOf(json: string): Generator<string> {
  for (const [, number] of json.matchAll(stringOrNumber)) if (number !== undefined) yield number
}

/** Throws `InvalidEventData` where a number of the body has digits that a column of doubles would drop. */
export function assertKeptByDouble(json: string): void {
  for (const number of numbersOf(json)) {
    if (decimalOf(number) !== decimalOf(String(Number(number)))) {
      throw new InvalidEventData(`the number ${number.slice(0, 100)} has more digits than its column can keep`)
    }
  }
}

/** Throws `InvalidEventData` where nine characters of a number would be written out as a hundred thousand. */
export function assertModestExponents(json: string): void {
  for (const number of numbersOf(json)) {
    const exponent = /[eE](.*)$/.exec(number)?.[1]
    if (exponent !== undefined && Math.abs(Number(exponent)) > largestExponent) {
      throw new InvalidEventData(`the number ${number.slice(0, 100)} is beyond what can be stored`)
    }
  }
}
