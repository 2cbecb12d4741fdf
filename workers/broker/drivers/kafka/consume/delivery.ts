import { isUtf8 } from 'node:buffer'
import type { KafkaMessage } from 'kafkajs'
import { causeHeaderNames, envelopeOf, headerNames } from '#contracts/events/envelope.ts'
import type { Delivery, StoredCopy } from '../../../broker.ts'
import { parseRetryTopic } from '../names.ts'
import type { OutgoingRecord } from '../produce/record.ts'
import { type RecordHeader, splitHeaders, textHeaders } from '../produce/record-headers.ts'
import { exactRecord, storedHeaders } from './stored-record.ts'

/** What a copy of a record is made of: its key, and all of it where text could not hold it. */
export interface Original {
  key: string | null
  exact: OutgoingRecord | undefined
}

/** A fetched record as the port hands it on, and from when on. A copy in a retry topic counts as the message itself. */
export function deliveryOf(
  group: string,
  topic: string,
  partition: number,
  message: KafkaMessage,
  receivedAt: number,
): { delivery: Delivery; original: Original; due: number } {
  const { own: ownHeaders, retry } = splitHeaders(storedHeaders(message))
  const headers = textHeaders(ownHeaders)
  const own = parseRetryTopic(topic)?.topic ?? topic
  const raw = message.value?.toString('utf8') ?? ''
  const envelope = ownHeaders.every(isReadable) ? envelopeOf(own, headers, raw) : undefined
  return {
    delivery: {
      ...{ topic: own, group, raw, headers, attempt: retry.attempt, receiveCount: retry.receives + 1, receivedAt },
      ...(envelope === undefined ? {} : { envelope }),
      ...bytesOf(message),
      ref: retry.ref ?? `${partition}@${message.offset}`,
    },
    original: { key: message.key?.toString('utf8') ?? null, exact: exactRecord(message, ownHeaders) },
    due: retry.due,
  }
}

/** The record that a copy is made of. */
export const recordOf = ({ raw, headers }: Delivery, { key, exact }: Original): OutgoingRecord =>
  exact ?? { key, value: raw, headers: Object.entries(headers) }

/** The value of a record where text could not hold it. */
export const bytesOf = ({ value }: Pick<KafkaMessage, 'value'>): { bytes?: Buffer } =>
  value && !isUtf8(value) ? { bytes: value } : {}

const ofEvents: ReadonlySet<string> = new Set([...headerNames, ...causeHeaderNames])

/** An attribute of an event is text: with gaps in it, it would name another one. */
const isReadable = ([name, value]: RecordHeader): boolean =>
  !ofEvents.has(name) || value === null || typeof value === 'string' || isUtf8(value)

/** A record as the log keeps it. */
export const copyOf = (message: KafkaMessage): StoredCopy => ({
  body: message.value?.toString('utf8') ?? '',
  ...bytesOf(message),
  headers: textHeaders(storedHeaders(message)),
  key: message.key?.toString('utf8') ?? null,
})
