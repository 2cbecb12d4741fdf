import { createHash } from 'node:crypto'

export interface VariationOptions {
  /** Distinguishes the values of one burst from those of another. */
  burstId: string
  /** JSON Schema of `data`; says which strings are uuids and e-mail addresses. */
  schema: Record<string, unknown>
  /** JSON text of an object. */
  data: string
  keyField?: string
  /** Distinct keys, used in turn. Absent: a key of its own for each message. */
  keys?: number
  newUuid: () => string
}

/** The n-th message of a burst, counted from 0. */
export interface Varied {
  /** UTF-8 JSON text. */
  body: string
  /** Absent if the type has no key field and no number of keys was asked for. */
  key?: string
}

/** What is at a varied place of the body. */
type Slot = { kind: 'uuid' | 'key' } | { kind: 'email'; local: string; domain: string }

/**
 * Makes messages from one example: every string of format `uuid` is new in each message, every one of format `email` is
 * one per key, and the key field is the key's value. Numbers stay as they are written, however many digits they have. The body is cut at
 * these places once, so that a message costs a few concatenations.
 */
export function varyMessages(options: VariationOptions): (n: number) => Varied {
  const tag = createHash('sha256').update(options.burstId).digest('hex').slice(0, 6)
  const markFor = (what: string): string =>
    `\u0001${createHash('sha256').update(`${options.burstId} ${what}`).digest('hex')}:`
  const mark = markFor('mark')
  const numberMark = markFor('number')
  const data = withMarkedNumbers(options.data, numberMark)
  const isNumber = (value: string): boolean => value.startsWith(numberMark)
  const slots: Slot[] = []
  const keyFormat = formatOf(propertyOf(options.schema, options.keyField))
  const example = options.keyField === undefined ? undefined : data[options.keyField]
  const keyPlain =
    typeof example === 'string' && !isNumber(example) && isFree(propertyOf(options.schema, options.keyField))

  const cut = (slot: Slot): string => `${mark}${slots.push(slot) - 1};`
  const walk = (value: unknown, schema: unknown, isKey: boolean): unknown => {
    if (typeof value === 'string') {
      if (isNumber(value)) return value
      const format = formatOf(schema)
      if (format === 'email' && value.includes('@')) {
        const at = value.lastIndexOf('@')
        return cut({ kind: 'email', local: value.slice(0, at), domain: value.slice(at + 1) })
      }
      if (isKey && (format === 'uuid' || keyPlain)) return cut({ kind: 'key' })
      return format === 'uuid' ? cut({ kind: 'uuid' }) : value
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, isObject(schema) ? schema.items : undefined, false))
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        walk(item, propertyOf(schema, name), value === data && name === options.keyField),
      ]),
    )
  }
  const parts = JSON.stringify(walk(data, options.schema, false))
    .replace(new RegExp(`"${asWritten(numberMark)}([^"]+)"`, 'g'), '$1')
    .split(new RegExp(`${asWritten(mark)}(\\d+);`))

  const emailOf = (slot: { local: string; domain: string }, index: number) =>
    JSON.stringify(`${slot.local}+${tag}-${index + 1}@${slot.domain}`).slice(1, -1)
  const keyOf = (index: number): string | undefined => {
    if (example === undefined) return options.keys === undefined ? undefined : `key-${index + 1}`
    if (keyFormat === 'uuid') return options.keys === undefined ? options.newUuid() : uuidOf(`${tag}:${index}`)
    if (keyFormat === 'email' && typeof example === 'string' && example.includes('@')) {
      const at = example.lastIndexOf('@')
      return `${example.slice(0, at)}+${tag}-${index + 1}@${example.slice(at + 1)}`
    }
    return keyPlain ? `${example}-${index + 1}` : `key-${index + 1}`
  }

  return (n) => {
    const index = options.keys === undefined ? n : n % options.keys
    const key = keyOf(index)
    let body = parts[0] ?? ''
    for (let at = 1; at < parts.length; at += 2) {
      const slot = slots[Number(parts[at])]
      if (slot?.kind === 'uuid') body += options.newUuid()
      else if (slot?.kind === 'email') body += emailOf(slot, index)
      else body += JSON.stringify(key).slice(1, -1)
      body += parts[at + 1] ?? ''
    }
    return key === undefined ? { body } : { body, key }
  }
}

/** Strings are matched to be skipped; what is captured is a number. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|(-?\d[\d.eE+-]*)/g

/** The data, with the text of every number, behind a mark, in its place: JavaScript has room for about 16 digits. */
function withMarkedNumbers(text: string, numberMark: string): Record<string, unknown> {
  const escaped = JSON.stringify(numberMark).slice(1, -1)
  const data: unknown = JSON.parse(
    text.replace(stringOrNumber, (token, number?: string) => (number === undefined ? token : `"${escaped}${number}"`)),
  )
  if (!isObject(data)) throw new TypeError('the data of a burst is a JSON object')
  return data
}

/** A mark in a pattern over JSON text. */
const asWritten = (mark: string): string => JSON.stringify(mark).slice(1, -1).replaceAll('\\', '\\\\')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function propertyOf(schema: unknown, name: string | undefined): unknown {
  if (name === undefined || !isObject(schema) || !isObject(schema.properties)) return undefined
  return schema.properties[name]
}

const formatOf = (schema: unknown): unknown => (isObject(schema) ? schema.format : undefined)

/** Whether a suffix on the value can break nothing that the schema says of it. */
const isFree = (schema: unknown): boolean =>
  !isObject(schema) ||
  !['pattern', 'enum', 'const', 'format', 'maxLength'].some((keyword) => schema[keyword] !== undefined)

/** The same uuid for the same text: RFC 9562, version 8, variant 10. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
