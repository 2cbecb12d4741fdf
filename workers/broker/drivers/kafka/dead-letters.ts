import type { Kafka, KafkaMessage } from 'kafkajs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { type DeadLetterMetadata, deathHeader, readDeadLetterMetadata } from '../../dead-letter-metadata.ts'
import type { DeadLetter, DeadLetters, DiscardOutcome, RedriveOutcome, RedriveRequest } from '../../dead-letters.ts'
import type { ClusterClient } from './cluster/cluster.ts'
import { readPartition } from './cluster/topic-reader.ts'
import { bytesOf } from './consume/delivery.ts'
import { storedHeaders } from './consume/stored-record.ts'
import { errorInfoOf } from './kafka-error.ts'
import { retryTopicOf } from './names.ts'
import type { RecordCopy } from './produce/copies.ts'
import { overlaid, type RecordHeader, textHeaders } from './produce/record-headers.ts'
import type { SendBatch } from './produce/sender.ts'

/** A record in a dead-letter topic that takes an earlier one away: the offset of that one. A log cannot lose a single record. */
const goneHeader = 'faultline_gone'
/** A dead-letter topic has one partition, so that it has one order. */
const partition = 0
const storeMs = 10_000

/** What is in a dead-letter topic, as far as it was read: only offsets, the letters stay in the log. */
interface Index {
  next: number
  letters: Set<number>
  turn: Promise<unknown>
}

export interface KafkaDeadLetters extends DeadLetters {
  /** How many a group has. */
  count(group: string): Promise<number>
}

/**
 * Dead letters in a topic of the group. One that was sent back is taken away by a record that says so; those at the beginning
 * of the log are then deleted with it.
 */
export function kafkaDeadLetters(deps: {
  kafka: Kafka
  cluster: ClusterClient
  send: SendBatch
  store: (copy: RecordCopy, wanted: () => boolean) => Promise<boolean>
  now: () => number
}): KafkaDeadLetters {
  const { kafka, cluster, send, store, now } = deps
  const indexes = new Map<string, Index>()

  /** One at a time in a group: two redrives of one letter must not both find it. */
  function inTurn<Result>(group: string, task: (index: Index) => Promise<Result>): Promise<Result> {
    const index = indexes.get(group) ?? { next: 0, letters: new Set<number>(), turn: Promise.resolve() }
    indexes.set(group, index)
    const done = index.turn.then(() => task(index))
    index.turn = done.catch(() => undefined)
    return done
  }

  async function catchUp(group: string, index: Index): Promise<void> {
    const topic = deadLetterQueueOf(group)
    const exists = cluster.partitionsOf(topic) > 0 || (await cluster.topics()).has(topic)
    const log = exists ? (await cluster.logs([topic])).get(topic) : undefined
    const start = log?.start.get(partition) ?? 0
    const end = log?.end.get(partition) ?? 0
    // The topic was deleted and made again.
    if (index.next > end) Object.assign(index, { next: 0, letters: new Set<number>() })
    for (const offset of index.letters) if (offset < start) index.letters.delete(offset)
    await readPartition(cluster, { topic, partition, from: Math.max(index.next, start), to: end }, (message) => {
      const headers = textHeaders(storedHeaders(message))
      // A dead letter has a note, whatever else its publisher wrote.
      const gone = headers[deathHeader] === undefined ? headers[goneHeader] : undefined
      if (gone === undefined) index.letters.add(Number(message.offset))
      else index.letters.delete(Number(gone))
      index.next = Number(message.offset) + 1
      return true
    })
  }

  async function read(group: string, offsets: readonly number[]): Promise<Map<number, KafkaMessage>> {
    const wanted = new Set(offsets)
    const found = new Map<number, KafkaMessage>()
    for (const offset of offsets) {
      if (found.has(offset)) continue
      const at = { topic: deadLetterQueueOf(group), partition, from: offset, to: offset + 500 }
      await readPartition(cluster, at, (message) => {
        if (wanted.has(Number(message.offset))) found.set(Number(message.offset), message)
        return found.size < wanted.size
      })
    }
    return found
  }

  async function redriveOne(
    group: string,
    index: Index,
    offset: number,
    message: KafkaMessage,
    request: RedriveRequest,
  ): Promise<RedriveOutcome> {
    const { headers, note } = withoutNote(message)
    const topic = note?.topic ?? textHeaders(headers).ce_type ?? ''
    const deadline = now() + storeMs
    // The group's own retry topic: no other group reads it, and without a due time it is a first attempt at once.
    const stored = await store(
      {
        topic: retryTopicOf(topic, group, 1),
        record: {
          key: message.key,
          value: request.body ?? message.value,
          headers: overlaid(headers, request.headers ?? {}),
        },
      },
      () => now() < deadline,
    )
    if (!stored)
      return { state: 'failed', error: { type: 'NoAnswer', message: `the broker took no copy within ${storeMs} ms` } }
    const error = await takeAway(group, index, offset)
    return error === undefined ? { state: 'redriven' } : { state: 'copied', error }
  }

  /** Answers why it still is there, where it does. */
  async function takeAway(group: string, index: Index, offset: number): Promise<ErrorInfo | undefined> {
    const removed = await send(deadLetterQueueOf(group), {
      ...{ key: null, value: '', headers: [[goneHeader, String(offset)]] },
    })
    if (removed.state !== 'acked') return removed.error
    index.letters.delete(offset)
    return undefined
  }

  /** What is before the first letter that is left says nothing any more. */
  async function trim(group: string, index: Index): Promise<void> {
    const admin = kafka.admin()
    try {
      await admin.connect()
      const first = Math.min(index.next, ...index.letters)
      const topic = deadLetterQueueOf(group)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(first) }] })
    } catch {
      // Only space: the next redrive tries again.
    } finally {
      await admin.disconnect().catch(() => undefined)
    }
  }

  return {
    count: (group) => inTurn(group, (index) => catchUp(group, index).then(() => index.letters.size)),
    list: (group, limit) =>
      inTurn(group, async (index) => {
        await catchUp(group, index)
        const offsets = [...index.letters].sort((a, b) => a - b).slice(0, limit)
        const messages = await read(group, offsets)
        return {
          letters: offsets.flatMap((offset) => {
            const message = messages.get(offset)
            return message ? [letterOf(offset, message)] : []
          }),
          more: index.letters.size > offsets.length,
        }
      }),
    redrive: (group, requests) =>
      inTurn(group, async (index) => {
        await catchUp(group, index)
        const offsets = requests.map(({ ref }) => offsetOf(ref))
        const standing = offsets.filter((offset) => offset !== undefined && index.letters.has(offset))
        const messages = await read(
          group,
          standing.flatMap((offset) => offset ?? []),
        )
        const outcomes: RedriveOutcome[] = []
        for (const [at, request] of requests.entries()) {
          const offset = offsets[at]
          const message = offset === undefined || !index.letters.has(offset) ? undefined : messages.get(offset)
          outcomes.push(
            offset === undefined || !message
              ? { state: 'gone' }
              : await redriveOne(group, index, offset, message, request).catch(
                  (error: unknown): RedriveOutcome => ({ state: 'failed', error: errorInfoOf(error) }),
                ),
          )
        }
        if (outcomes.some(({ state }) => state === 'redriven')) {
          await catchUp(group, index)
          await trim(group, index)
        }
        return outcomes
      }),
    discard: (group, refs) =>
      inTurn(group, async (index) => {
        await catchUp(group, index)
        const outcomes: DiscardOutcome[] = []
        for (const ref of refs) {
          const offset = offsetOf(ref)
          if (offset === undefined || !index.letters.has(offset)) outcomes.push({ state: 'gone' })
          else {
            const error = await takeAway(group, index, offset)
            outcomes.push(error === undefined ? { state: 'discarded' } : { state: 'failed', error })
          }
        }
        if (outcomes.some(({ state }) => state === 'discarded')) {
          await catchUp(group, index)
          await trim(group, index)
        }
        return outcomes
      }),
  }
}

function letterOf(offset: number, message: KafkaMessage): DeadLetter {
  const { headers, note } = withoutNote(message)
  return {
    ref: `${partition}@${offset}`,
    body: message.value?.toString() ?? '',
    ...bytesOf(message),
    headers: textHeaders(headers),
    ...(note === undefined ? {} : { note }),
    at: note?.at ?? Number(message.timestamp),
  }
}

/** What the publisher wrote, and the note of the driver: the last of that name, since it was added at the end. */
function withoutNote(message: KafkaMessage): { headers: RecordHeader[]; note: DeadLetterMetadata | undefined } {
  const headers = storedHeaders(message)
  const at = headers.findLastIndex(([name]) => name === deathHeader)
  const [text] = at < 0 ? [] : headers.splice(at, 1).map(([, value]) => value?.toString())
  return { headers, note: readDeadLetterMetadata(text) }
}

/** `0@12`. */
function offsetOf(ref: string): number | undefined {
  const [, offset] = /^0@(\d+)$/.exec(ref) ?? []
  return offset === undefined ? undefined : Number(offset)
}
