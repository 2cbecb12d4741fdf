import { Kafka, logLevel } from 'kafkajs'
import { afterAll, describe, expect, it } from 'vitest'
import { kafkaMissing, startTestKafka, type TestKafka } from './kafka.ts'

describe.skipIf(await kafkaMissing('the real Kafka of the tests'))('a real Kafka', () => {
  let kafka: TestKafka | undefined
  afterAll(() => kafka?.stop())

  it('keeps what it acknowledged over a SIGKILL and answers again on the same port', async () => {
    kafka = await startTestKafka()
    const client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING, retry: { retries: 10 } })
    const admin = client.admin()
    const producer = client.producer()
    await Promise.all([admin.connect(), producer.connect()])
    try {
      await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] })
      await producer.send({ topic: 'kept', acks: -1, messages: [{ value: '1' }, { value: '2' }] })
      await kafka.kill()
      await kafka.restart()
      expect(await admin.fetchTopicOffsets('kept')).toMatchObject([{ partition: 0, high: '2' }])
      await producer.send({ topic: 'kept', acks: -1, messages: [{ value: '3' }] })
      expect(await admin.fetchTopicOffsets('kept')).toMatchObject([{ partition: 0, high: '3' }])
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    }
  })
})
