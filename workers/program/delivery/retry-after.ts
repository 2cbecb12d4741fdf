/**
 * Milliseconds that the header `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3). Undefined if it is absent, past or
 * neither. `now` is epoch milliseconds.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  // A number that is not a date by any calendar, like `-1`, is one to `Date.parse`.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) || at <= now ? undefined : at - now
}
