import { Ledger } from '#web/control/ledger/ledger.ts'
import type { Sequence } from '#web/control/ledger/sequence.ts'
import { bytesOf, type Holds, Merger, reportOf, type ShardReport } from './report.ts'

export interface Load {
  shards: number
  partitions: number
  /** Producer instances, each with an epoch and a dense sequence of its own; with no divisor of `partitions`, so that each writes to all. */
  producers: number
  perSecond: number
  seconds: number
}

export interface ShardCost {
  /** CPU microseconds a message in the ledgers of all shards: publish, acknowledgement, two debts and two deliveries. */
  ledgerUs: number
  /** CPU microseconds a message of making the reports, and of merging them. */
  reportUs: number
  mergeUs: number
  /** Bytes that go to the one that merges, each second, from all shards. */
  mergeBytesPerSecond: number
  /** Milliseconds of CPU that a merge of all shards' reports takes. */
  mergeMs: number
}

const topic = 'order_placed'
const groups = ['consumer-email', 'consumer-db']
/** Reports of each shard a second, and how far behind publishes deliveries are: a fifth of a second. */
const reportsPerSecond = 4
const behindSeconds = 0.2

interface Shard {
  ledger: Ledger
  holds: Holds
  reported: Holds
}

/**
 * Messages of many producers over many partitions, each to the shard of its producer and epoch: identity, order within a sequence and
 * the bits of a chunk stay in one place. A partition has messages of all shards, so up to where it is settled is the least of what they say.
 * Throws if the merged counts or watermarks are not those of the load.
 */
export function simulate({ shards: count, partitions, producers, perSecond, seconds }: Load): ShardCost {
  const nothing = (): Holds => new Float64Array(partitions).fill(-1)
  const shards = Array.from(
    { length: count },
    (): Shard => ({ ledger: new Ledger(), holds: nothing(), reported: nothing() }),
  )
  const shardOf = (producer: number): Shard => shards[producer % count] as Shard
  const sequences: Sequence[] = Array.from({ length: producers }, (_, producer) =>
    shardOf(producer).ledger.sequence(`producer-${producer}`, 1, topic),
  )
  const merger = new Merger(count, partitions)
  const messages = perSecond * seconds
  const behind = perSecond * behindSeconds
  const every = perSecond / reportsPerSecond
  const spent = { ledger: 0, report: 0, merge: 0 }
  let bytes = 0
  let merges = 0
  const timed = (part: keyof typeof spent, work: () => void): void => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    spent[part] += user + system
  }
  /** Message `index` is the next of its producer, and the next of its partition. */
  const producerOf = (index: number): number => index % producers
  const seqOf = (index: number): number => Math.floor(index / producers) + 1
  const partitionOf = (index: number): number => index % partitions
  const offsetOf = (index: number): number => Math.floor(index / partitions)

  function publish(index: number): void {
    const { ledger } = shardOf(producerOf(index))
    const sequence = sequences[producerOf(index)] as Sequence
    const seq = seqOf(index)
    ledger.attempt(sequence, seq, topic)
    for (const group of groups) ledger.expect(sequence, seq, group)
    ledger.publishOutcome(sequence, seq, topic, 'acked')
  }
  function deliver(index: number): void {
    const { ledger } = shardOf(producerOf(index))
    const sequence = sequences[producerOf(index)] as Sequence
    for (const group of groups) ledger.settle(sequence, seqOf(index), group, 'delivered', 'waiting')
  }
  /** Of what is under way, the oldest of each shard in each partition. */
  function lookForHolds(): void {
    for (const { holds } of shards) holds.fill(-1)
    for (let index = delivered; index < published; index += 1) {
      const { holds } = shardOf(producerOf(index))
      if (holds[partitionOf(index)] === -1) holds[partitionOf(index)] = offsetOf(index)
    }
  }
  function merge(): void {
    merges += 1
    timed('report', lookForHolds)
    shards.forEach(({ ledger, holds, reported }, number) => {
      let report: ShardReport = { counts: '', holds: new Uint8Array() }
      timed('report', () => {
        report = reportOf(ledger, holds, reported)
      })
      bytes += bytesOf(report)
      timed('merge', () => merger.take(number, report))
    })
    timed('merge', () => merger.merged())
  }

  let published = 0
  let delivered = 0
  while (delivered < messages) {
    timed('ledger', () => {
      for (let step = 0; step < every && published < messages; step += 1) {
        publish(published)
        published += 1
      }
      for (; delivered < (published === messages ? messages : published - behind); delivered += 1) deliver(delivered)
    })
    merge()
  }
  const settled = merger.sum('groups', 'delivered')
  if (merger.sum('publishes', 'acked') !== messages || settled !== messages * groups.length)
    throw new Error(`void: the shards together have ${settled} deliveries, not ${messages * groups.length}`)
  if (merger.merged().some((hold) => hold !== -1))
    throw new Error('void: a partition is held by a message that is settled')
  return {
    ledgerUs: spent.ledger / messages,
    reportUs: spent.report / messages,
    mergeUs: spent.merge / messages,
    mergeBytesPerSecond: Math.round(bytes / seconds),
    mergeMs: Math.round(spent.merge / merges) / 1_000,
  }
}
