import { isUtf8 } from 'node:buffer'
import type { IHeaders, KafkaMessage } from 'kafkajs'
import type { OutgoingRecord } from '../produce/record.ts'
import { isIndex, type RecordHeader } from '../produce/record-headers.ts'

/** What of a fetched message its record is made of. */
export type Fetched = Pick<KafkaMessage, 'key' | 'value' | 'headers'>

/**
 * Headers of a fetched record, all of them, in their order. kafkajs gives an object: it loses the place of a name that occurs twice or looks like
 * a number, and is wrong of one that every object has, such as `constructor`. Then they are read from the record itself, which is in the
 * fetched bytes around its key and value: https://kafka.apache.org/documentation/#record
 */
export function storedHeaders(message: Fetched): RecordHeader[] {
  const given = Object.entries(message.headers ?? {})
  const isExact = given.every(([name, value]) => (value === null || Buffer.isBuffer(value)) && !isIndex(name))
  if (isExact) return given as RecordHeader[]
  const list = given.flatMap(([name, values]) => valuesOf(values).map((value): RecordHeader => [name, value]))
  const read = headersAfter(message)
  return read && isSame(read, message.headers ?? {}, list.length) ? read : list
}

/** The record as it must be copied where text cannot hold all of it; undefined where key, value and headers are plain text. */
export function exactRecord({ key, value }: Fetched, headers: readonly RecordHeader[]): OutgoingRecord | undefined {
  const names = new Set(headers.map(([name]) => name))
  const isText = (bytes: Buffer | null): boolean => bytes === null || isUtf8(bytes)
  const isPlain =
    value !== null &&
    isUtf8(value) &&
    isText(key) &&
    names.size === headers.length &&
    headers.every(([name, bytes]) => Buffer.isBuffer(bytes) && !isIndex(name) && isUtf8(bytes))
  // Copied: a view would keep everything that was fetched with it.
  return isPlain
    ? undefined
    : { key: copied(key), value: copied(value), headers: headers.map(([n, v]) => [n, copied(v)]) }
}

const copied = (bytes: string | Buffer | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes))

/** Of a name such as `constructor` kafkajs puts what every object has before the values. */
const valuesOf = (values: IHeaders[string] | null): (Buffer | null)[] =>
  [values].flat().flatMap((value) => (value === null || Buffer.isBuffer(value) ? [value] : []))

function headersAfter({ key, value }: Fetched): RecordHeader[] | undefined {
  const last = value ?? key
  if (!last) return undefined
  const bytes = Buffer.from(last.buffer)
  let at = last.byteOffset + last.length
  const varint = (): number => {
    let result = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at] ?? 0
      at += 1
      result |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return (result >>> 1) ^ -(result & 1)
  }
  const take = (length: number): Buffer => {
    at += length
    return bytes.subarray(at - length, at)
  }
  // The length of a value that is not there.
  if (value === null && varint() !== -1) return undefined
  const count = varint()
  if (count < 0 || count > bytes.length - at) return undefined
  const headers: RecordHeader[] = []
  for (let left = count; left > 0; left -= 1) {
    const name = take(varint()).toString('utf8')
    const length = varint()
    headers.push([name, length < 0 ? null : take(length)])
  }
  return at > bytes.length ? undefined : headers
}

/** Whether it is what kafkajs read, apart from the order between names. */
function isSame(read: readonly RecordHeader[], given: IHeaders, count: number): boolean {
  if (read.length !== count) return false
  const next = new Map<string, number>()
  return read.every(([name, value]) => {
    const place = next.get(name) ?? 0
    next.set(name, place + 1)
    const other = Object.hasOwn(given, name) ? valuesOf(given[name])[place] : undefined
    return value === null || other === null ? value === other : other?.equals(Buffer.from(value)) === true
  })
}
