import type { OutgoingRecord } from './produce.ts'

/** Of a record beside key, value and headers, rounded up. */
const recordOverhead = 64

/** Bytes that a record takes in a batch, about. */
export function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = recordOverhead + sizeOfBytes(value) + sizeOfBytes(key)
  for (const [name, text] of headers) bytes += Buffer.byteLength(name) + sizeOfBytes(text) + 4
  return bytes
}

const sizeOfBytes = (bytes: string | Buffer | null): number => (bytes === null ? 0 : Buffer.byteLength(bytes))
