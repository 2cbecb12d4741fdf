import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml'

/**
 * Edits of a YAML text at one place: what is not edited stays as it was written, to the letter. A text that is not YAML, and a place
 * that is not a map, are left alone.
 */
export function setIn(text: string, path: readonly string[], key: string, value: unknown): string {
  const place = mapAt(text, path)
  if (!place) return text
  const { map, from, to } = place
  if (!map) return splice(text, from, to, ` { ${keyText(key)}: ${inline(value)} }`)
  const pair = pairOf(map, key)
  if (pair) return splice(text, rangeOf(pair.key)[1], endOf(text, pair), `: ${inline(value)}`)
  const entry = `${keyText(key)}: ${inline(value)}`
  const last = map.items.at(-1)
  if (!last) return splice(text, from, to, map.flow ? `{ ${entry} }` : ` { ${entry} }`)
  const end = endOf(text, last)
  if (map.flow) return splice(text, end, end, `, ${entry}`)
  const lineEnd = lineEndAt(text, end)
  const first = rangeOf(map.items[0]?.key)[0]
  const indent = ' '.repeat(first - text.lastIndexOf('\n', first - 1) - 1)
  return splice(text, lineEnd, lineEnd, `\n${indent}${entry}`)
}

/** The text without a key of the map at `path`. */
export function deleteIn(text: string, path: readonly string[], key: string): string {
  const map = mapAt(text, path)?.map
  const pair = map && pairOf(map, key)
  if (!map || !pair) return text
  const at = map.items.indexOf(pair)
  const [start] = rangeOf(pair.key)
  const end = endOf(text, pair)
  const [before, after] = [map.items[at - 1], map.items[at + 1]]
  if (map.flow) {
    if (before) return splice(text, endOf(text, before), end, '')
    return splice(text, start, after ? rangeOf(after.key)[0] : end, '')
  }
  if (!before && !after) return splice(text, start, end, '{}')
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  return splice(text, lineStart, Math.min(text.length, lineEndAt(text, end) + 1), '')
}

/** How many keys the map at `path` has; undefined if there is no map. */
export function sizeIn(text: string, path: readonly string[]): number | undefined {
  const place = mapAt(text, path)
  return place && (place.map?.items.length ?? 0)
}

/** A value on one line. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined)
    return entries.length === 0
      ? '{}'
      : `{ ${entries.map(([key, one]) => `${keyText(key)}: ${inline(one)}`).join(', ')} }`
  }
  return typeof value === 'string' ? wordText(value) : JSON.stringify(value ?? null)
}

/** A text without quotes only if it cannot be read as anything else. */
const wordText = (text: string): string =>
  /^\d+(?:\.\d+)?(?:ms|s|m|h|%)$/.test(text) ||
  (/^[A-Za-z./_$][\w./$:%@+-]*$/.test(text) &&
    !/^(?:true|false|null|yes|no|on|off|~)$/i.test(text) &&
    !/:$|^\.(?:\d|inf|nan)/i.test(text))
    ? text
    : JSON.stringify(text)

const keyText = (key: string): string => (/^[A-Za-z_][\w-]*$/.test(key) ? wordText(key) : JSON.stringify(key))

type AnyPair = Pair<unknown, unknown>

interface Place {
  /** Undefined: nothing is there yet. */
  map: YAMLMap | undefined
  from: number
  to: number
}

function mapAt(text: string, path: readonly string[]): Place | undefined {
  const document = parseDocument(text, { keepSourceTokens: true })
  if (document.errors.length > 0) return undefined
  const root = document.contents
  if (!isMap(root)) return undefined
  let place: Place = { map: root, from: 0, to: text.length }
  for (const key of path) {
    const pair: AnyPair | undefined = place.map && pairOf(place.map, key)
    if (!pair) return undefined
    const { value } = pair
    const after = text.indexOf(':', rangeOf(pair.key)[1]) + 1
    if (isMap(value)) place = { map: value, from: rangeOf(value)[0], to: endOf(text, pair) }
    else if (value === null || (isScalar(value) && value.value === null))
      place = { map: undefined, from: after, to: after }
    else return undefined
  }
  return place
}

const pairOf = (map: YAMLMap, key: string): AnyPair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)

/** Where a node begins and ends; nothing of what follows it is part of it. */
function rangeOf(node: unknown): [number, number] {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : [0, 0]
}

/** Where a pair ends: without the blanks and empty lines that a block has at its end. */
function endOf(text: string, pair: AnyPair): number {
  const [, keyEnd] = rangeOf(pair.key)
  const [start, end] = rangeOf(pair.value)
  if (end <= keyEnd) return Math.max(keyEnd, text.indexOf(':', keyEnd) + 1)
  return start + text.slice(start, end).trimEnd().length
}

/** The end of the line, behind a comment. */
function lineEndAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

const splice = (text: string, from: number, to: number, insert: string): string =>
  text.slice(0, from) + insert + text.slice(to)
