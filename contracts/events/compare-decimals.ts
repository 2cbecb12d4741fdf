import { decimalOf } from './decimal.ts'

interface Parts {
  isNegative: boolean
  /** Without zeros at either end; empty for zero. */
  digits: string
  /** Of the last digit. What no file could write out is taken for the largest that can be counted. */
  exponent: number
}

/** A JSON number as its digits and the place of the last one. */
export function partsOf(json: string): Parts {
  const decimal = decimalOf(json)
  if (decimal === '0') return { isNegative: false, digits: '', exponent: 0 }
  const [number = '', exponent = '0'] = decimal.split('e')
  const isNegative = number.startsWith('-')
  const bound = Number.MAX_SAFE_INTEGER
  return {
    ...{ isNegative, digits: isNegative ? number.slice(1) : number },
    exponent: Math.max(-bound, Math.min(bound, Number(exponent))),
  }
}

/** Below 0, 0 or above 0, as the JSON number `a` is less than, the same as or greater than `b`. Every digit counts. */
export function compareDecimals(a: string, b: string): number {
  const one = partsOf(a)
  const other = partsOf(b)
  const sign = signOf(one) - signOf(other)
  if (sign !== 0) return sign
  const bySize = compareSizes(one, other)
  return one.isNegative ? 0 - bySize : bySize
}

const signOf = ({ isNegative, digits }: Parts): number => (digits === '' ? 0 : isNegative ? -1 : 1)

/** Nothing is written out to its exponent: that could be billions of zeros. */
function compareSizes(one: Parts, other: Parts): number {
  const places = one.digits.length + one.exponent - (other.digits.length + other.exponent)
  if (places !== 0) return places
  // The same place before the first digit, so texts are in the order of numbers, also if one is the beginning of the other.
  return one.digits === other.digits ? 0 : one.digits < other.digits ? -1 : 1
}
