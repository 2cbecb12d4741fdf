import { type Consumer, type ConsumerRunConfig, Kafka, type OffsetsByTopicPartition } from 'kafkajs'
import type { Defect, DefectiveBroker, HarmLog } from '../defect.ts'

/** How far beyond what is settled it commits. */
const beyond = 1_000

/**
 * A count that was carried over from another log: of each partition the first commit lies beyond the end, and the later ones stay where
 * that one is. Commits are made inside of the driver, so this one reaches into the client library. What it harms is the place, as the
 * ledger names it: `topic/partition@offset`.
 */
export function commitPastEnd(log: HarmLog): Defect {
  const jumped = new Map<string, number>()
  const past = ({ topics }: OffsetsByTopicPartition): OffsetsByTopicPartition => ({
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => {
        const place = `${topic}/${partition}`
        const before = jumped.get(place)
        const committed = before ?? Number(offset) + beyond
        jumped.set(place, committed)
        if (before === undefined) log.harmed(`${place}@${committed}`)
        return { partition, offset: String(Math.max(committed, Number(offset))) }
      }),
    })),
  })
  const around = (consumer: Consumer): Consumer => ({
    ...consumer,
    run: ({ eachBatch, ...config }: ConsumerRunConfig = {}) =>
      consumer.run({
        ...config,
        ...(eachBatch === undefined
          ? {}
          : {
              eachBatch: (payload) =>
                eachBatch({
                  ...payload,
                  commitOffsetsIfNecessary: (offsets) =>
                    payload.commitOffsetsIfNecessary(offsets === undefined ? undefined : past(offsets)),
                }),
            }),
      }),
  })
  return {
    broker: <Given extends DefectiveBroker>(given: Given): Given => {
      const { consumer } = Kafka.prototype
      Kafka.prototype.consumer = function (...options) {
        return around(consumer.apply(this, options))
      }
      return given
    },
  }
}
