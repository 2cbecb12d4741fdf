import type { IHeaders } from 'kafkajs'

/** A header of a record. A name may occur several times; a value may be any bytes, or null. */
export type RecordHeader = readonly [name: string, value: string | Buffer | null]

/** Headers that the driver adds to a copy in a retry topic and takes off before the handler sees the message. */
export const retryHeader = {
  /** Epoch milliseconds before which the message must not be handled. */
  due: 'faultline_due',
  /** The handler run that it waits for, from 2. */
  attempt: 'faultline_attempt',
  /** Deliveries of the message to this group so far. */
  receives: 'faultline_receives',
  /** `partition@offset` in its own topic. */
  ref: 'faultline_ref',
} as const

const added: ReadonlySet<string> = new Set(Object.values(retryHeader))

/** Headers as text. Of a name that occurs several times the last one counts; one without a value is left out. */
export function textHeaders(headers: readonly RecordHeader[]): Record<string, string> {
  return Object.fromEntries(headers.flatMap(([name, value]) => (value === null ? [] : [[name, value.toString()]])))
}

/** What a copy in a retry topic says of its message. */
export interface RetryNote {
  due: number
  attempt: number
  receives: number
  ref: string | undefined
}

/** Splits what the driver added to a copy from what the publisher wrote. */
export function splitHeaders(all: readonly RecordHeader[]): { own: readonly RecordHeader[]; retry: RetryNote } {
  const own: RecordHeader[] = []
  const note: RecordHeader[] = []
  for (const header of all) (added.has(header[0]) ? note : own).push(header)
  const text = textHeaders(note)
  const count = (name: string, fallback: number) => {
    const number = Number(text[name])
    return Number.isInteger(number) && number > 0 ? number : fallback
  }
  const retry = {
    due: count(retryHeader.due, 0),
    attempt: count(retryHeader.attempt, 1),
    receives: count(retryHeader.receives, 0),
    ref: text[retryHeader.ref],
  }
  return note.length === 0 ? { own: all, retry } : { own, retry }
}

/** Headers with others laid over: one that is there already changes in its place, however often it occurs. */
export function overlaid(headers: readonly RecordHeader[], over: Readonly<Record<string, string>>): RecordHeader[] {
  const left = new Map(Object.entries(over))
  const changed = headers.flatMap((header): RecordHeader[] => {
    const [name] = header
    if (!Object.hasOwn(over, name)) return [header]
    const value = left.get(name)
    left.delete(name)
    return value === undefined ? [] : [[name, value]]
  })
  return [...changed, ...left]
}

/**
 * Headers in the form that kafkajs encodes. It takes an object, which cannot hold names in any order and several times; but a value that
 * is an array is asked to `map` itself into headers, and one array that answers with all of them keeps everything as it is.
 */
export function encodable(headers: readonly RecordHeader[]): IHeaders {
  const plain: IHeaders = {}
  for (const [name, value] of headers) {
    if (value === null || name in plain || isIndex(name)) return { '': listOf(headers) }
    plain[name] = value
  }
  return plain
}

/** Such names come first in an object, whenever they were set. */
export const isIndex = (name: string): boolean => /^\d/.test(name)

function listOf(headers: readonly RecordHeader[]): Buffer[] {
  return Object.assign([], {
    map: () => headers.map(([key, value]) => (value === null ? nullHeader(key) : { key, value })),
  })
}

/** kafkajs measures a value before it looks whether there is one. */
function nullHeader(key: string): { key: string; value: string | null } {
  let measured = false
  return {
    key,
    get value() {
      if (measured) return null
      measured = true
      return ''
    },
  }
}
