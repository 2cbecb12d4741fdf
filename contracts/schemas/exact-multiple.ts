import { decimalOf } from '../events/decimal.ts'

/**
 * Whether a number is a whole multiple of `step`, by the decimal digits that JSON writes for both: 4.35 is one of 0.01, which
 * binary division denies. `step` is above 0.
 */
export function isMultipleOf(value: number, step: number): boolean {
  const dividend = partsOf(value)
  const divisor = partsOf(step)
  const shift = dividend.exponent - divisor.exponent
  // At most some 650 digits: the exponents of a double end at 308 and -324.
  return shift >= 0
    ? (dividend.digits * 10n ** BigInt(shift)) % divisor.digits === 0n
    : dividend.digits % (divisor.digits * 10n ** BigInt(-shift)) === 0n
}

function partsOf(value: number): { digits: bigint; exponent: number } {
  const [digits = '0', exponent = '0'] = decimalOf(String(value)).split('e')
  return { digits: BigInt(digits), exponent: Number(exponent) }
}
