import type { MessageAttributeValue } from '@aws-sdk/client-sns'
import { type Envelope, headersOf } from '#contracts/events/envelope.ts'

/** Entries and bytes that one `PublishBatch` may carry: https://docs.aws.amazon.com/sns/latest/dg/sns-publish-messages.html */
export const batchMaxEntries = 10
export const batchMaxBytes = 262_144

/** One envelope as SNS takes it, and its place in the caller's array. */
export interface Entry {
  index: number
  body: string
  attributes: Record<string, MessageAttributeValue>
  /** As SNS counts: body, and name, type and value of every attribute. */
  bytes: number
}

/** Entries of one topic that fit one request. */
export interface Batch {
  topic: string
  entries: Entry[]
  bytes: number
}

const stringType = 'String'

function entryOf(envelope: Envelope, index: number): Entry {
  const attributes: Record<string, MessageAttributeValue> = {}
  let bytes = Buffer.byteLength(envelope.body)
  for (const [name, value] of Object.entries(headersOf(envelope))) {
    // SNS refuses an empty attribute value.
    if (value === '') continue
    attributes[name] = { DataType: stringType, StringValue: value }
    bytes += name.length + stringType.length + Buffer.byteLength(value)
  }
  return { index, body: envelope.body, attributes, bytes }
}

/**
 * Splits envelopes into requests by topic, keeping their order within a topic. What is too large for any request is
 * listed apart.
 */
export function publishBatches(envelopes: readonly Envelope[]): { batches: Batch[]; tooLarge: Entry[] } {
  const open = new Map<string, Batch>()
  const batches: Batch[] = []
  const tooLarge: Entry[] = []
  for (const [index, envelope] of envelopes.entries()) {
    const entry = entryOf(envelope, index)
    if (entry.bytes > batchMaxBytes) {
      tooLarge.push(entry)
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
  return { batches, tooLarge }
}
