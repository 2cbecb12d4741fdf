/** What OpenTelemetry calls an error type that is none of those that have a label of their own. */
export const otherValue = '_OTHER'

const nameLike = /^[A-Za-z_][\w.:$-]{0,99}$/

/**
 * Keeps a label to its first `max` values: every further one, and what is not a name at all (an error type may be any text that
 * a library chose), is `_OTHER`. So the number of series stays what it is, whatever comes.
 */
export function createBoundedLabel(max: number): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= max || !nameLike.test(value)) return otherValue
    known.add(value)
    return value
  }
}
