import { Partitioners } from 'kafkajs'
import type { PublishOutcome } from '../../../broker.ts'
import type { ClusterClient } from '../cluster/cluster.ts'
import { errorInfoOf } from '../kafka-error.ts'
import type { KafkaSettings } from '../options.ts'
import type { Produce } from './produce.ts'
import { type OutgoingRecord, sizeOf } from './record.ts'

/** A record and who waits for it. */
interface Waiting {
  record: OutgoingRecord
  bytes: number
  settle: (outcome: PublishOutcome) => void
}

/** What waits for one partition. At most one request to it is on the way, so that its order is the order of the calls. */
interface Lane {
  topic: string
  partition: number
  waiting: Waiting[]
  sending: boolean
  linger: NodeJS.Timeout | undefined
}

/** Stores one record in a topic, in the partition of its key. Never rejects. */
export type SendBatch = (topic: string, record: OutgoingRecord) => Promise<PublishOutcome>

/** One record batch: the topic's limit counts it as a whole. */
const batchBytes = 500_000
const batchRecords = 2_000
/** A topic that was not there is looked for again after this. */
const missingMs = 100

/**
 * Gathers records into one record batch per partition: the first waits a few milliseconds for company, the next ones until
 * the request before them is answered. A key decides the partition as it does in Java; without one, a batch shares one.
 */
export function createSender(
  cluster: ClusterClient,
  produce: Produce,
  { lingerMs, maxInFlightBytes, now }: Pick<KafkaSettings, 'lingerMs' | 'maxInFlightBytes' | 'now'>,
): SendBatch {
  const lanes = new Map<string, Lane>()
  const choose = Partitioners.DefaultPartitioner()
  /** Batches so far, by topic: records without a key go to one partition until its batch leaves, then to the one after it. */
  const turns = new Map<string, number>()
  const missing = new Map<string, number>()
  const looks = new Map<string, Promise<number>>()
  const blocked = new Set<Lane>()
  let inFlightBytes = 0

  /**
   * At once where the topic is known: records that are sent in one turn share a batch, in order. While it is looked for all wait for the one
   * look, so that none of them is overtaken by a record that comes when the topic has just become known.
   */
  function partitionsOf(topic: string): number | Promise<number> {
    const looking = looks.get(topic)
    if (looking !== undefined) return looking
    const known = cluster.partitionsOf(topic)
    if (known > 0) return known
    // It may have been made since the last look; one that does not exist must not cost a look per message.
    if (now() - (missing.get(topic) ?? Number.NEGATIVE_INFINITY) < missingMs) return 0
    const look = cluster.topics().then((topics) => {
      const count = topics.get(topic) ?? 0
      if (count === 0) missing.set(topic, now())
      return count
    })
    looks.set(topic, look)
    // The first to hear of it: those that wait are added right after, before anything else can be sent.
    const end = (): void => void looks.delete(topic)
    look.then(end, end)
    return look
  }

  function partitionFor(topic: string, count: number, key: OutgoingRecord['key']): number {
    if (key === null) return (turns.get(topic) ?? 0) % count
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
      ...{ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] },
    }))
    return choose({ topic, partitionMetadata, message: { key, value: null } })
  }

  function laneOf(topic: string, partition: number): Lane {
    const name = `${topic}/${partition}`
    const known = lanes.get(name)
    if (known) return known
    const lane = { topic, partition, waiting: [], sending: false, linger: undefined }
    lanes.set(name, lane)
    return lane
  }

  function pump(lane: Lane): void {
    if (lane.sending || lane.waiting.length === 0) return
    if (inFlightBytes >= maxInFlightBytes) {
      blocked.add(lane)
      return
    }
    clearTimeout(lane.linger)
    lane.linger = undefined
    let bytes = 0
    let count = 0
    for (const next of lane.waiting) {
      if (count > 0 && (bytes + next.bytes > batchBytes || count === batchRecords)) break
      bytes += next.bytes
      count += 1
    }
    void transmit(lane, lane.waiting.splice(0, count), bytes)
  }

  async function transmit(lane: Lane, batch: Waiting[], bytes: number): Promise<void> {
    lane.sending = true
    inFlightBytes += bytes
    const turn = turns.get(lane.topic) ?? 0
    if (turn % cluster.partitionsOf(lane.topic) === lane.partition) turns.set(lane.topic, turn + 1)
    const records = batch.map(({ record }) => record)
    const outcomes = await produce(lane.topic, lane.partition, records)
    inFlightBytes -= bytes
    lane.sending = false
    for (const [index, { settle }] of batch.entries()) settle(outcomes[index] ?? noOutcome)
    pump(lane)
    for (const other of [...blocked]) {
      blocked.delete(other)
      pump(other)
    }
  }

  function add(topic: string, record: OutgoingRecord, count: number): Promise<PublishOutcome> {
    if (count === 0) {
      const message = `the topic ${topic} does not exist`
      return Promise.resolve({ state: 'failed', error: { type: 'UnknownTopicOrPartition', message } })
    }
    const lane = laneOf(topic, partitionFor(topic, count, record.key))
    return new Promise((settle) => {
      lane.waiting.push({ record, bytes: sizeOf(record), settle })
      if (!lane.sending) lane.linger ??= setTimeout(() => pump(lane), lingerMs)
    })
  }

  return (topic, record) => {
    const count = partitionsOf(topic)
    if (typeof count === 'number') return add(topic, record, count)
    return count.then(
      (found) => add(topic, record, found),
      // Nothing was sent: the cluster could not even be asked where to.
      (error: unknown): PublishOutcome => ({ state: 'failed', error: errorInfoOf(error) }),
    )
  }
}

const noOutcome: PublishOutcome = {
  state: 'indeterminate',
  error: { type: 'NoResult', message: 'the request gave no outcome for this message' },
}
