/** Milliseconds as a person reads them: `6.1 ms`, `241 ms`, `1.74 s`, `2 min 5 s`, `3 h 12 min`. */
export function durationWords(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_995) return `${Number((ms / 1000).toFixed(ms < 9_995 ? 2 : 1))} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`
}

/** Milliseconds in the waterfall's column: whole, with separators, tenths below ten. */
export const millis = (ms: number): string =>
  `${ms > 0 && ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms).toLocaleString('en-US')} ms`

/** Local time of day to the millisecond, `14:43:51.118`. */
export function clock(time: string | number): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Local day and minute, `20 Nov 16:12`. */
export const dayAndTime = (time: string): string => {
  const date = new Date(time)
  return `${date.getDate()} ${months[date.getMonth()]} ${clock(time).slice(0, 5)}`
}

/** A count with separators, `1,240`. */
export const count = (value: number): string => value.toLocaleString('en-US')

/** `62.4`, `1,240`: one decimal below a hundred. */
export const rate = (perSecond: number): string =>
  perSecond < 99.95 ? perSecond.toFixed(1) : count(Math.round(perSecond))

/** An age in the few characters that a card has: `0.3 s`, `20.6 s`, `3 min`, `2 h`. */
export function age(ms: number): string {
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`
}

/** `412 B`, `1.2 MB`: powers of 1,000, as networks count. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = value
  let at = 0
  while (size >= 999.5 && at < units.length - 1) {
    size /= 1_000
    at += 1
  }
  return `${at === 0 || size >= 99.5 ? Math.round(size) : Number(size.toFixed(1))} ${units[at]}`
}

/** How long ago, coarse: `12 s`, `5 min`, `3 h`. */
export function since(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
