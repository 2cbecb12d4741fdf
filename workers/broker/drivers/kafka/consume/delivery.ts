import { isUtf8 } from 'node:buffer'
import type { KafkaMessage } from 'kafkajs'
import { envelopeOf } from '#contracts/events/envelope.ts'
import type { Delivery, StoredCopy } from '../../../broker.ts'
import { parseRetryTopic } from '../names.ts'
import { splitHeaders, textHeaders } from '../produce/record-headers.ts'

/** A fetched record as the port hands it on, and from when on. A copy in a retry topic counts as the message itself. */
export function deliveryOf(
  group: string,
  topic: string,
  partition: number,
  message: KafkaMessage,
  receivedAt: number,
): { delivery: Delivery; key: string | null; due: number } {
  const { own: headers, retry } = splitHeaders(textHeaders(message.headers))
  const own = parseRetryTopic(topic)?.topic ?? topic
  const raw = message.value?.toString('utf8') ?? ''
  const envelope = envelopeOf(own, headers, raw)
  return {
    delivery: {
      ...{ topic: own, group, raw, headers, attempt: retry.attempt, receiveCount: retry.receives + 1, receivedAt },
      ...(envelope === undefined ? {} : { envelope }),
      ...bytesOf(message),
      ref: retry.ref ?? `${partition}@${message.offset}`,
    },
    key: message.key?.toString('utf8') ?? null,
    due: retry.due,
  }
}

/** The value of a record where text could not hold it. */
export const bytesOf = ({ value }: Pick<KafkaMessage, 'value'>): { bytes?: Buffer } =>
  value && !isUtf8(value) ? { bytes: value } : {}

/** A record as the log keeps it. */
export const copyOf = (message: KafkaMessage): StoredCopy => ({
  body: message.value?.toString('utf8') ?? '',
  ...bytesOf(message),
  headers: textHeaders(message.headers),
  key: message.key?.toString('utf8') ?? null,
})
