import { inflateSync } from 'node:zlib'
import { headerBytes, sealRecord } from '#storage/segment-log/record.ts'
import { type ChangeColumns, type ChangedSequence, type Changes, newColumns } from './changes.ts'

/**
 * A record of the history: one byte of kind, the time it is about (64-bit float, epoch milliseconds), the length of a JSON head
 * (32 bits), the head, and a body. All numbers are little-endian. What each kind has:
 * - `keyframe`: no head; the body is deflated JSON.
 * - `second`: the head; no body. Read by itself, so that charts of five minutes need no keyframe.
 * - `changes`: time of the keyframe before it; lanes and names in the head, deflated columns in the body.
 * - `gap`: the head. It ends at its time.
 */
export const recordKind = { keyframe: 1, second: 2, changes: 3, gap: 4 } as const
type RecordKind = (typeof recordKind)[keyof typeof recordKind]

export const historyByteOrder = 'little'
const fixedBytes = 1 + 8 + 4

export interface HistoryRecord {
  kind: number
  at: number
  /** JSON; `undefined` if it has none. */
  head: unknown
  body: Buffer
}

/** What is before the columns of changes. */
export interface ChangesHead {
  count: number
  lanes: readonly ChangedSequence[]
  names: readonly string[]
}

/** A whole record, sealed, as the segment log takes it. */
export function encodeRecord(kind: RecordKind, at: number, head?: object, body?: Buffer): Buffer {
  const text = head === undefined ? '' : JSON.stringify(head)
  const headLength = Buffer.byteLength(text)
  const start = headerBytes + fixedBytes
  const bytes = Buffer.alloc(start + headLength + (body?.length ?? 0))
  bytes.writeUInt8(kind, headerBytes)
  bytes.writeDoubleLE(at, headerBytes + 1)
  bytes.writeUInt32LE(headLength, headerBytes + 9)
  bytes.write(text, start)
  if (body) bytes.set(body, start + headLength)
  sealRecord(bytes, 0, bytes.length, historyByteOrder)
  return bytes
}

/** Throws if the bytes are not a record of a history: a later version wrote them. */
export function decodeRecord(payload: Buffer): HistoryRecord {
  const headEnd = fixedBytes + payload.readUInt32LE(9)
  if (headEnd > payload.length) throw new Error('the record of the history is shorter than its head')
  const text = payload.toString('utf8', fixedBytes, headEnd)
  return {
    kind: payload.readUInt8(0),
    at: payload.readDoubleLE(1),
    head: text === '' ? undefined : JSON.parse(text),
    body: payload.subarray(headEnd),
  }
}

/** The columns one after the other, of which each deflates well by itself. */
export function packColumns({ count, ms, seq, lane, name, code }: Changes): Buffer {
  return Buffer.concat([
    bytesOf(ms.subarray(0, count)),
    bytesOf(steps(seq, count)),
    bytesOf(lane.subarray(0, count)),
    bytesOf(name.subarray(0, count)),
    bytesOf(code.subarray(0, count)),
  ])
}

export function unpackChanges({ count, lanes, names }: ChangesHead, body: Buffer): Changes {
  const columns = newColumns(count)
  const bytes = inflateSync(body)
  let offset = 0
  for (const key of ['ms', 'seq', 'lane', 'name', 'code'] as const satisfies (keyof ChangeColumns)[]) {
    const column = bytesOf(columns[key])
    column.set(bytes.subarray(offset, offset + column.length))
    offset += column.length
  }
  const { seq } = columns
  for (let index = 1; index < count; index += 1) seq[index] = ((seq[index] ?? 0) + (seq[index - 1] ?? 0)) >>> 0
  return { count, lanes, names, ...columns }
}

/** Each number less the one before it: neighbours mostly follow one another, and equal steps deflate to nearly nothing. */
function steps(numbers: Uint32Array, count: number): Uint32Array {
  const result = new Uint32Array(count)
  let before = 0
  for (let index = 0; index < count; index += 1) {
    const number = numbers[index] ?? 0
    result[index] = number - before
    before = number
  }
  return result
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Uint32Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
