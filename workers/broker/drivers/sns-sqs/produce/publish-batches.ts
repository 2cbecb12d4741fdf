import type { MessageAttributeValue } from '@aws-sdk/client-sns'
import { packedHeaders } from '#contracts/events/attribute-room.ts'
import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { unsendable } from '../../../unsendable.ts'

/** Entries and bytes that one `PublishBatch` may carry: https://docs.aws.amazon.com/sns/latest/dg/sns-publish-messages.html */
export const batchMaxEntries = 10
export const batchMaxBytes = 262_144

/** One envelope as SNS takes it, and its place in the caller's array. */
export interface BatchEntry {
  index: number
  body: string
  attributes: Record<string, MessageAttributeValue>
  /** As SNS counts: body, and name, type and value of every attribute. */
  bytes: number
}

/** Entries of one topic that fit one request. */
export interface Batch {
  topic: string
  entries: BatchEntry[]
  bytes: number
}

/** An envelope that is not sent, by its place in the caller's array. */
export interface Refused {
  index: number
  error: ErrorInfo
}

const stringType = 'String'

function entryOf(body: string, headers: Record<string, string>, index: number): BatchEntry {
  const attributes: Record<string, MessageAttributeValue> = {}
  let bytes = Buffer.byteLength(body)
  // SNS refuses an empty attribute value.
  const written = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
  for (const [name, value] of Object.entries(packedHeaders(written))) {
    attributes[name] = { DataType: stringType, StringValue: value }
    bytes += name.length + stringType.length + Buffer.byteLength(value)
  }
  return { index, body, attributes, bytes }
}

/**
 * Splits envelopes into requests by topic, keeping their order within a topic. What no request may carry is listed apart, with why: it is
 * never sent.
 */
export function publishBatches(envelopes: readonly Envelope[]): { batches: Batch[]; refused: Refused[] } {
  const open = new Map<string, Batch>()
  const batches: Batch[] = []
  const refused: Refused[] = []
  for (const [index, envelope] of envelopes.entries()) {
    const headers = headersOf(envelope)
    const error = unsendable(envelope, headers)
    if (error !== undefined) {
      refused.push({ index, error })
      continue
    }
    const entry = entryOf(envelope.body, headers, index)
    if (entry.bytes > batchMaxBytes) {
      const message = `the message has ${entry.bytes} bytes with its attributes; SNS takes ${batchMaxBytes}. Publish less data.`
      refused.push({ index, error: { type: 'MessageTooLarge', message } })
      continue
    }
    let batch = open.get(envelope.topic)
    if (batch === undefined || batch.entries.length >= batchMaxEntries || batch.bytes + entry.bytes > batchMaxBytes) {
      batch = { topic: envelope.topic, entries: [], bytes: 0 }
      open.set(envelope.topic, batch)
      batches.push(batch)
    }
    batch.entries.push(entry)
    batch.bytes += entry.bytes
  }
  return { batches, refused }
}
