import { crc32 } from 'node:zlib'

/** Length and CRC-32 of the payload, 4 bytes each, before every record. */
export const headerBytes = 8

/** Of the two numbers in a header. Each log keeps the one that it began with: its records are on users' disks. */
export type ByteOrder = 'big' | 'little'

/** One record in the bytes of a segment. */
export interface StoredRecord {
  /** What was appended, a view of the bytes that were read. Never empty. */
  payload: Buffer
  /** Where the header begins, in bytes from the beginning of the segment. */
  offset: number
  /** Where the next record begins. */
  next: number
}

/** Writes the header of the record that takes `bytes` from `start` to `end`: 8 bytes left free for it, then a payload of at least one byte. */
export function sealRecord(bytes: Buffer, start: number, end: number, order: ByteOrder): void {
  const payload = bytes.subarray(start + headerBytes, end)
  const checksum = crc32(payload)
  if (order === 'big') {
    bytes.writeUInt32BE(payload.length, start)
    bytes.writeUInt32BE(checksum, start + 4)
  } else {
    bytes.writeUInt32LE(payload.length, start)
    bytes.writeUInt32LE(checksum, start + 4)
  }
}

/** Bytes of the record with this header, header included. */
export const recordBytes = (header: Buffer, order: ByteOrder): number => headerBytes + numberAt(header, 0, order)

/** The record that begins at `offset`; undefined at the end, and if it is cut off or its checksum is wrong. */
export function recordAt(bytes: Buffer, offset: number, order: ByteOrder): StoredRecord | undefined {
  const start = offset + headerBytes
  if (start > bytes.length) return undefined
  const length = numberAt(bytes, offset, order)
  const next = start + length
  // Zeros, which a file system may leave at the end of a file, are not a record.
  if (length === 0 || next > bytes.length) return undefined
  const payload = bytes.subarray(start, next)
  return crc32(payload) === numberAt(bytes, offset + 4, order) ? { payload, offset, next } : undefined
}

function numberAt(bytes: Buffer, offset: number, order: ByteOrder): number {
  return order === 'big' ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset)
}
