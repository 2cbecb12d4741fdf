/**
 * One text for one decimal value, however JSON writes it: `1.50`, `15e-1` and `1.5` are all `15e-1`. No digit is lost, so two numbers are
 * the same where these texts are. `json` is a JSON number.
 */
export function decimalOf(json: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE](.+))?$/.exec(json) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = withoutTrailingZeros(digits)
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

/** A pattern would try again from every zero of a long number. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}
