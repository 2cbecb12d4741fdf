import { crc32 } from 'node:zlib'
import { z } from 'zod'

/**
 * One entry of the journal: 4 bytes length of the payload, 4 bytes CRC-32 of it (both big endian), the payload. The
 * payload is 1 byte kind, 2 bytes length of the head, the head as JSON, and the body as it came.
 *   frame  head {source, incarnation, seq, at}; body: the telemetry frame, unchanged; `at` is when it came, epoch milliseconds
 *   owed   head {type, groups}: from here on, publishes of this type are owed to these groups
 *   epoch  head {producer, epoch, at}: a producer instance was granted a new epoch
 *   resolved  body: JSON list of what the control plane itself decided of messages
 *   sidecar  head {service, id, handedOver}: the sidecar that a service has, or that it has handed over all its telemetry
 */
export const entryKind = { frame: 1, owed: 2, epoch: 3, resolved: 4, sidecar: 5 } as const
export type EntryKind = (typeof entryKind)[keyof typeof entryKind]

export const frameHead = z.object({
  source: z.string(),
  incarnation: z.string(),
  seq: z.int(),
  /** Absent in journals of former versions. */
  at: z.number().optional(),
})
export const owedHead = z.object({ type: z.string(), groups: z.array(z.string()) })
export const epochHead = z.object({ producer: z.string(), epoch: z.int(), at: z.number() })
export const sidecarHead = z.object({ service: z.string(), id: z.string(), handedOver: z.boolean() })

export interface Entry {
  kind: number
  head: unknown
  body: Uint8Array
  /** Where it begins in its segment. */
  offset: number
}

const headerBytes = 8

export function encodeEntry(kind: EntryKind, head: object, body: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  const payloadLength = 3 + text.length + body.length
  const entry = Buffer.allocUnsafe(headerBytes + payloadLength)
  entry.writeUInt32BE(payloadLength, 0)
  entry.writeUInt8(kind, headerBytes)
  entry.writeUInt16BE(text.length, headerBytes + 1)
  text.copy(entry, headerBytes + 3)
  entry.set(body, headerBytes + 3 + text.length)
  entry.writeUInt32BE(crc32(entry.subarray(headerBytes)), 4)
  return entry
}

/** The entry at `offset`; undefined at the end and where the bytes are torn. */
export function decodeEntry(bytes: Buffer, offset: number): { entry: Entry; next: number } | undefined {
  if (offset + headerBytes > bytes.length) return undefined
  const payloadLength = bytes.readUInt32BE(offset)
  const start = offset + headerBytes
  const next = start + payloadLength
  if (payloadLength < 3 || next > bytes.length) return undefined
  const payload = bytes.subarray(start, next)
  if (crc32(payload) !== bytes.readUInt32BE(offset + 4)) return undefined
  const headEnd = 3 + payload.readUInt16BE(1)
  const head: unknown = JSON.parse(payload.toString('utf8', 3, headEnd))
  return { entry: { kind: payload.readUInt8(0), head, body: payload.subarray(headEnd), offset }, next }
}
