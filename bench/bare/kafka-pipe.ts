import { Kafka, type KafkaMessage, logLevel, Partitioners, type Producer } from 'kafkajs'
import { type Envelope, envelopeOf, headersOf } from '#contracts/events/envelope.ts'
import type { BarePipe } from './pipe.ts'

/** As many as the lab's driver puts into a request at most. */
const batchRecords = 2_000
const sendsInFlight = 4

/** kafkajs in a loop: acks=all, manual commits after each handled batch. */
export function kafkaPipe(brokers: string[]): BarePipe {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
  let connected: Promise<Producer> | undefined
  const connect = async (): Promise<Producer> => {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
    await producer.connect()
    return producer
  }
  return {
    async publish(envelopes) {
      const topic = envelopes[0]?.topic
      if (topic === undefined) return
      connected ??= connect()
      const producer = await connected
      const waiting = envelopes.map((envelope) => ({
        ...{ key: envelope.key ?? null, value: envelope.body, headers: headersOf(envelope) },
      }))
      const lane = async (): Promise<void> => {
        while (waiting.length > 0) await producer.send({ topic, acks: -1, messages: waiting.splice(0, batchRecords) })
      }
      await Promise.all(Array.from({ length: sendsInFlight }, lane))
    },
    async consume({ topic, group, lanes, batchSize }, handle) {
      const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 })
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        ...{ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: lanes },
        async eachBatch({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets, heartbeat }) {
          for (let from = 0; from < batch.messages.length; from += batchSize) {
            const part = batch.messages.slice(from, from + batchSize)
            await handle(part.map((message) => envelopeIn(topic, message)))
            resolveOffset(part.at(-1)?.offset ?? '')
            await commitOffsetsIfNecessary(uncommittedOffsets())
            await heartbeat()
          }
        },
      })
      await new Promise(() => undefined)
    },
  }
}

function envelopeIn(topic: string, { headers = {}, value }: KafkaMessage): Envelope {
  const text = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)]))
  const envelope = envelopeOf(topic, text, value?.toString() ?? '')
  if (envelope === undefined) throw new Error('a message of the bare loop came back as another')
  return envelope
}
