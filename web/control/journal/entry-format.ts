import { z } from 'zod'
import { flowDeclaration } from '#contracts/lab-declaration.ts'
import { type ByteOrder, headerBytes, type StoredRecord, sealRecord } from '#storage/segment-log/record.ts'

/**
 * One entry of the journal: a record of its segment log, whose payload is 1 byte kind, 2 bytes length of the head (big endian),
 * the head as JSON, and the body as it came.
 *   frame  head {source, incarnation, seq, at, agreed}; body: the telemetry frame, unchanged; `at` is when it came, epoch milliseconds
 *   owed   head {type, groups}: from here on, publishes of this type are owed to these groups
 *   epoch  head {producer, epoch, at}: a producer instance was granted a new epoch
 *   resolved  body: JSON list of what the control plane itself decided of messages
 *   flows  head {flows}: from here on, these flows are declared
 *   sidecar  head {service, id, handedOver}: the sidecar that a service has, or that it has handed over all its telemetry
 */
export const entryKind = { frame: 1, owed: 2, epoch: 3, resolved: 4, sidecar: 5, flows: 6 } as const
export type EntryKind = (typeof entryKind)[keyof typeof entryKind]

export const frameHead = z.object({
  source: z.string(),
  incarnation: z.string(),
  seq: z.int(),
  /** Absent in journals of former versions. */
  at: z.number().optional(),
  /** Every record of it was valid when it came. Absent if one was not, and in journals of former versions. */
  agreed: z.literal(true).optional(),
})
/** `answers`: written before answers of publishes too. Journals from before 0.2 have entries for attempts only, which say nothing of an answer. */
export const owedHead = z.object({ type: z.string(), groups: z.array(z.string()), answers: z.literal(true).optional() })
export const flowsHead = z.object({ flows: z.array(flowDeclaration) })
export const epochHead = z.object({ producer: z.string(), epoch: z.int(), at: z.number() })
export const sidecarHead = z.object({ service: z.string(), id: z.string(), handedOver: z.boolean() })

export interface JournalEntry {
  kind: number
  head: unknown
  body: Uint8Array
  /** Where it begins in its segment. */
  offset: number
}

/** Of the entries on users' disks. */
export const journalByteOrder: ByteOrder = 'big'

/** The entry as a whole record, to be appended. */
export function encodeEntry(kind: EntryKind, head: object, body: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  const entry = Buffer.allocUnsafe(headerBytes + 3 + text.length + body.length)
  entry.writeUInt8(kind, headerBytes)
  entry.writeUInt16BE(text.length, headerBytes + 1)
  text.copy(entry, headerBytes + 3)
  entry.set(body, headerBytes + 3 + text.length)
  sealRecord(entry, 0, entry.length, journalByteOrder)
  return entry
}

/** The entry that a record holds. Throws if it is not one. */
export function decodeEntry({ payload, offset }: StoredRecord): JournalEntry {
  const headEnd = 3 + payload.readUInt16BE(1)
  const head: unknown = JSON.parse(payload.toString('utf8', 3, headEnd))
  return { kind: payload.readUInt8(0), head, body: payload.subarray(headEnd), offset }
}
