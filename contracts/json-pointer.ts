/*
 * JSON pointers (RFC 6901): the path to a value within JSON, as text. `''` is the whole, `/a~1b/0` is item 0 of the member `a/b`. In a
 * segment `~1` is `/` and `~0` is `~`; a segment may be empty.
 */

/** The pointer to the value at a path of member names and array indexes. */
export const jsonPointer = (path: readonly PropertyKey[]): string => path.map(pointerSegment).join('')

/** One name or index with the slash before it, to add to a pointer. */
export const pointerSegment = (name: PropertyKey): string =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The names and indexes of a pointer, as text; none for `''`, and for text that does not begin with a slash. */
export const pathOfPointer = (pointer: string): string[] =>
  pointer.startsWith('/')
    ? pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    : []

/**
 * The value that a pointer leads to within parsed JSON. Undefined if nothing is there, and for text that is not a pointer. Only an
 * object's own members are found, and only items of an array, by an index without leading zeros.
 */
export function pointedAt(value: unknown, pointer: string): unknown {
  if (pointer !== '' && !pointer.startsWith('/')) return undefined
  let at = value
  for (const name of pathOfPointer(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    if (Array.isArray(at) && !isArrayIndex(name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** Whether a segment is an index of an array: digits without leading zeros. */
export const isArrayIndex = (name: string): boolean => /^(0|[1-9]\d*)$/.test(name)

/** The pointer in the fragment of a URI (without its `#`), which may have percent-encoding; text with a broken encoding is taken as it is. */
export function pointerOfFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
