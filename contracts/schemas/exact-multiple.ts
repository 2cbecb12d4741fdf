import { partsOf } from '../events/compare-decimals.ts'

/**
 * Whether a number is a whole multiple of `step`, by the decimal digits that JSON writes for both: 4.35 is one of 0.01, which
 * binary division denies. Both are JSON numbers, `step` is above 0.
 */
export function isMultipleOf(value: string, step: string): boolean {
  const dividend = partsOf(value)
  const divisor = partsOf(step)
  if (dividend.digits === '') return true
  const shift = dividend.exponent - divisor.exponent
  const digits = BigInt(dividend.digits)
  const by = BigInt(divisor.digits)
  if (shift >= 0) return ((digits % by) * tenToThe(shift, by)) % by === 0n
  // A step with more zeros behind it than the number has digits is greater than the number.
  return -shift <= dividend.digits.length && digits % (by * 10n ** BigInt(-shift)) === 0n
}

/** The remainder of a power of ten, without writing its zeros. */
function tenToThe(exponent: number, modulus: bigint): bigint {
  let power = 1n % modulus
  let square = 10n % modulus
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = (power * square) % modulus
    square = (square * square) % modulus
  }
  return power
}
