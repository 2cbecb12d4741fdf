let second = 0
let text = ''

/** The moment as a `Date` header has it, made once a second. */
export function httpDate(now = Date.now()): string {
  const current = Math.floor(now / 1_000)
  if (current !== second) {
    second = current
    text = new Date(now).toUTCString()
  }
  return text
}
