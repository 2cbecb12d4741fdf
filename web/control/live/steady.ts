import { isDeepStrictEqual } from 'node:util'

/**
 * Gives entries that say the same as at the last call as the same values, and the whole as the same value where all do. So whoever sent
 * them before sees by identity what is new.
 */
export function createSteady<Value>(): (next: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>> {
  let last: Readonly<Record<string, Value>> = {}
  return (next) => {
    let isSame = Object.keys(next).length === Object.keys(last).length
    const steady: Record<string, Value> = {}
    for (const [key, value] of Object.entries(next)) {
      const before = last[key]
      const kept = before !== undefined && alike(before, value) ? before : value
      steady[key] = kept
      if (kept !== before) isSame = false
    }
    if (!isSame) last = steady
    return last
  }
}

/** Equal at a glance, as figures are, or else in depth. */
function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => {
    const [one, other] = [Reflect.get(a, key) as unknown, Reflect.get(b, key) as unknown]
    return one === other || (typeof one === 'object' && isDeepStrictEqual(one, other))
  })
}

/** Entries that are not the same values as those that were sent; undefined if one that was sent is no more. */
export function changesSince<Value>(
  sent: Readonly<Record<string, Value>>,
  now: Readonly<Record<string, Value>>,
): Record<string, Value> | undefined {
  if (sent === now) return {}
  const changed: Record<string, Value> = {}
  let known = 0
  for (const [key, value] of Object.entries(now)) {
    if (key in sent) known += 1
    if (sent[key] !== value) changed[key] = value
  }
  return known === Object.keys(sent).length ? changed : undefined
}
