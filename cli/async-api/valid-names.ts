/** Names of a lab made of names that may be anything. */

const words = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')

const beginning = (text: string, prefix: string): string => (/^[a-z]/.test(text) ? text : `${prefix}${text}`)

/** `OrderPlaced`, `order/placed` and `order.placed` are `order_placed`. */
export const eventNameOf = (text: string): string => beginning(words(text).join('_'), 'event_').slice(0, 64)

/** `Payment Service` is `payment-service`. */
export const serviceNameOf = (text: string): string => beginning(words(text).join('-'), 'service-').slice(0, 40)

/** The name, or the first that is not taken of `name_b`, `name_c` …: digits at the end are for replicas. */
export function unusedName(
  name: string,
  isTaken: (name: string) => boolean,
  separator: '-' | '_',
  most: number,
): string {
  if (!isTaken(name)) return name
  for (let code = 1; ; code += 1) {
    const suffix = separator + letters(code)
    const candidate = name.slice(0, most - suffix.length) + suffix
    if (!isTaken(candidate)) return candidate
  }
}

/** A number in letters, like the columns of a spreadsheet: 1 is b, 25 is z, 26 is aa. */
function letters(number: number): string {
  const letter = String.fromCharCode(97 + (number % 26))
  return number < 26 ? letter : letters(Math.floor(number / 26) - 1) + letter
}
