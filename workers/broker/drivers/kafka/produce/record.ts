import type { RecordHeader } from './record-headers.ts'

/** A record on its way to one partition. */
export interface OutgoingRecord {
  key: string | Buffer | null
  /** Null: a record that has no value. */
  value: string | Buffer | null
  /** In the order in which they are stored. */
  headers: readonly RecordHeader[]
}

/** Of a record beside key, value and headers, rounded up. */
const recordOverhead = 64

/** Bytes that a record takes in a batch, about. */
export function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = recordOverhead + sizeOfBytes(value) + sizeOfBytes(key)
  for (const [name, text] of headers) bytes += Buffer.byteLength(name) + sizeOfBytes(text) + 4
  return bytes
}

const sizeOfBytes = (bytes: string | Buffer | null): number => (bytes === null ? 0 : Buffer.byteLength(bytes))
