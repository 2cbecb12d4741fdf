import { describe, expect, test } from 'vitest'
import { kafkaMissing } from '../../../test/kafka.ts'
import type { Delivery, GroupAssignment, Settlement } from '../broker.ts'
import { ack, createBench, until } from '../contract/bench.contract.ts'
import { apiVersionsApi, heartbeatApi, joinGroupApi, sayNotCoordinator } from './kafka/protocol-proxy.fixture.ts'
import { type KafkaUnderTest, kafkaUnderTest } from './kafka.contract.ts'

/** What a Kafka of its own does to a consumer that a queue does not, and what kafkajs does to a process. */
describe.skipIf(await kafkaMissing('the traps of Kafka'))('the kafka driver in trouble', { timeout: 90_000 }, () => {
  let kafka: KafkaUnderTest
  const bench = createBench(async () => {
    kafka = await kafkaUnderTest()
    return kafka
  })
  const { lab, consume, waitingIn, connect, open } = bench

  test('B14 poison that throws TypeError, SyntaxError, RangeError or ReferenceError ends no consumer', async () => {
    const { broker, group, envelopes } = await lab()
    const poisons = [TypeError, SyntaxError, RangeError, ReferenceError]
    await broker.publish(envelopes(4))
    const consumer = await consume(broker, group, (deliveries) => {
      const Poison = poisons.shift()
      if (Poison) throw new Poison('poison')
      return ack(deliveries)
    })
    await until('all are settled', async () => poisons.length === 0 && (await waitingIn(broker, group)) === 0)
    expect(consumer.distinct()).toBe(4)
  })

  test('B23 bytes that are not text come among the dead letters, and back, as they were', async () => {
    const { broker, group, topic } = await lab()
    const poison = Buffer.from('c3287b00ff', 'hex')
    const producer = kafka.client.producer()
    await producer.connect()
    await producer.send({ topic, messages: [{ value: poison }] })
    await producer.disconnect()
    const error = { type: 'Undecodable', message: 'no' }
    let last = false
    const consumer = await consume(broker, group, (deliveries) =>
      last
        ? ack(deliveries)
        : deliveries.map(() => ({ kind: 'dead-letter', reason: 'undecodable', attempts: 1, error })),
    )
    await until('it is buried', async () => (await broker.deadLetters.list(group, 1)).letters.length === 1)
    last = true
    const [letter] = (await broker.deadLetters.list(group, 1)).letters
    expect(letter?.bytes).toEqual(poison)
    expect(await broker.deadLetters.redrive(group, [{ ref: letter?.ref ?? '' }])).toEqual([{ state: 'redriven' }])
    await until('it is handled again', () => consumer.seen.length === 2)
    expect(consumer.seen.map(({ bytes }) => bytes)).toEqual([poison, poison])
  })

  test('B16 a rebalance during a batch loses nothing, and a worker that joins gets its share', async () => {
    const { broker, group, envelopes } = await lab()
    const assigned: GroupAssignment[] = []
    const slow = async (deliveries: Delivery[]): Promise<Settlement[]> => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return ack(deliveries)
    }
    const count = (assignment: GroupAssignment | undefined) =>
      assignment?.partitions.reduce((sum, { partitions }) => sum + partitions.length, 0) ?? 0
    const options = { onAssigned: (assignment: GroupAssignment) => void assigned.push(assignment) }
    const first = await consume(broker, group, slow, options)
    // Reported with the first heartbeat, which knows the generation; an assignment that is over by then is not reported.
    await until('the first has joined', () => assigned.length === 1)
    const keyed = envelopes(300).map((envelope, index) => ({ ...envelope, key: `key-${index}` }))
    const publishing = broker.publish(keyed)
    await until('the first works', () => first.seen.length > 0)
    const second = await consume(connect(), group, slow)
    await publishing
    await until('all are settled', async () => (await waitingIn(broker, group)) === 0)
    expect(new Set([...first.ids(), ...second.ids()]).size).toBe(300)
    const [joined] = assigned
    const withLess = () => assigned.find((assignment) => count(assignment) < count(joined))
    await until('the first heard of it', () => withLess() !== undefined)
    const rebalanced = withLess()
    expect([joined?.reason, rebalanced?.reason]).toEqual(['joined', 'rebalanced'])
    expect(rebalanced?.memberId).toBe(joined?.memberId)
    expect(rebalanced?.generation).toBeGreaterThan(joined?.generation ?? 0)
    await first.subscription.stop(1_000)
    expect(assigned.at(-1)).toMatchObject({ reason: 'left', partitions: [] })
  })

  test('B20 a worker whose session expired joins again by itself and commits what it did', async () => {
    const { broker, group, envelopes } = await lab()
    const consumer = await consume(broker, group)
    await broker.publish(envelopes(5))
    await until('the first five', () => consumer.distinct() === 5)
    kafka.real.pause()
    // Longer than the session of three seconds: the coordinator has forgotten the member when it goes on.
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    kafka.real.resume()
    await until('the broker answers', () =>
      broker.inspect().then(
        () => true,
        () => false,
      ),
    )
    // kafkajs may fetch on as if nothing were; that its heartbeats ended is known some seconds later.
    const withinMs = 40_000
    await until(
      'it takes messages again',
      async () => {
        await broker.publish(envelopes(1))
        return consumer.distinct() > 5
      },
      withinMs,
    )
    await until('everything is committed', async () => (await waitingIn(broker, group)) === 0, withinMs)
  })

  test('B20 a rebalance that comes to nothing, since the coordinator was lost for a moment only, stops no consumer', async () => {
    const { broker, group, envelopes } = await lab()
    let armed = false
    const happened: string[] = []
    const far = kafka.connectMeddled({
      request(api) {
        if (api !== joinGroupApi || happened.at(-1) !== 'not the coordinator') return undefined
        happened.push('join refused')
        return 'hang-up'
      },
      answer(api, version, frame) {
        if (api === heartbeatApi && armed) {
          armed = false
          happened.push('not the coordinator')
          sayNotCoordinator(version, frame)
        }
        return undefined
      },
    })
    open.push(far)
    const assigned: GroupAssignment[] = []
    const consumer = await consume(far, group, ack, { onAssigned: (assignment) => void assigned.push(assignment) })
    await broker.publish(envelopes(5))
    await until('the first five', () => consumer.distinct() === 5)
    armed = true
    await until('the rebalance that is none', () => happened.length === 2)
    await broker.publish(envelopes(5))
    await until('five more', () => consumer.distinct() === 10)
    await until('everything is committed', async () => (await waitingIn(broker, group)) === 0)
    expect(assigned.map(({ reason }) => reason)).toEqual(['joined'])
  })

  test('B20 a broker that was too slow to say which requests it knows is asked again', async () => {
    const { group, envelope, wiring } = await lab()
    let held = 0
    const far = kafka.connectMeddled({
      answer(api) {
        if (api !== apiVersionsApi || held === 3) return undefined
        held += 1
        return 'drop'
      },
    })
    open.push(far)
    await until('a declaration', () =>
      far.declare(wiring).then(
        () => true,
        () => false,
      ),
    )
    expect(held).toBe(3)
    const consumer = await consume(far, group)
    const one = envelope()
    await until('a publish', async () => (await far.publish([one]))[0]?.state === 'acked')
    await until('its delivery', () => consumer.ids().includes(one.id))
  })

  test('B20 a topic that is deleted under its consumer and made again is read from its beginning', async () => {
    const { broker, group, topic, wiring, envelope, envelopes } = await lab()
    const consumer = await consume(broker, group)
    // As many in the same partition before and after: the old position is a valid one in the new log, its end.
    const twenty = () => envelopes(20).map((each) => ({ ...each, key: 'one key' }))
    await broker.publish(twenty())
    await until('the first twenty', async () => (await waitingIn(broker, group)) === 0)
    const admin = kafka.client.admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [topic] })
    await until('it is gone', async () => !(await admin.listTopics()).includes(topic))
    await admin.disconnect()
    const [lost] = await broker.publish([envelope()])
    expect(lost?.state).toBe('failed')
    await broker.declare(wiring)
    const fresh = twenty()
    const outcomes = await broker.publish(fresh)
    expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['acked']))
    await until('the twenty of the new topic', () => fresh.every(({ id }) => consumer.ids().includes(id)), 40_000)
  })

  test('B3 a topic that was deleted spoils no publish to another', async () => {
    const { broker, topic, envelope } = await lab()
    const other = await lab()
    await broker.publish([envelope()])
    const admin = kafka.client.admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [topic] })
    await admin.disconnect()
    const outcome = async () => (await broker.publish([other.envelope()]))[0]?.state
    expect([await outcome(), await outcome(), await outcome()]).toEqual(['acked', 'acked', 'acked'])
  })

  test('B20 a session timeout that the broker refuses is reported, and the process does not end', async () => {
    const { group } = await lab()
    const troubles: (string | undefined)[] = []
    const hasty = kafka.connect({ sessionTimeoutMs: 100 })
    open.push(hasty)
    await consume(hasty, group, ack, { onTrouble: (problem) => troubles.push(problem) })
    await until('trouble', () => troubles.length > 0)
    expect(troubles[0]).toContain('session timeout')
    expect(troubles[0]).toContain('group.min.session.timeout.ms')
  })

  test('B21 declarations at the same time make every topic once', async () => {
    const topic = bench.fresh('topic')
    const group = `consumer-${topic}`
    const wiring = { topics: [{ topic, types: [topic] }], groups: [{ group, types: [topic], topics: [topic] }] }
    await Promise.all(Array.from({ length: 6 }, () => connect().declare(wiring)))
    const { bindings, partitions = [] } = await connect().inspect()
    expect(bindings).toContainEqual({ topic, group })
    expect(partitions.filter((partition) => partition.topic === topic)).toEqual(
      [0, 1, 2].map((partition) => ({
        ...{ topic, partition, startOffset: 0, endOffset: 0, groups: [{ group, committed: null }] },
      })),
    )
  })

  test('B21 a binding to a topic that was just made is there when declare resolves', async () => {
    for (let round = 0; round < 40; round += 1) {
      const { broker, topic, group } = await lab()
      const { bindings } = await broker.inspect()
      expect(bindings).toContainEqual({ topic, group })
    }
  })

  test('B21 what was owed when a binding ended is delivered, what came between two bindings is not', async () => {
    const { broker, group, wiring, envelope } = await lab()
    const [owed, between, after] = [envelope(), envelope(), envelope()]
    await broker.publish([owed])
    await broker.declare({ ...wiring, groups: [{ group, types: [], topics: [] }] })
    await broker.publish([between])
    await broker.declare(wiring)
    await broker.publish([after])
    const consumer = await consume(broker, group)
    await until('all are settled', async () => (await waitingIn(broker, group)) === 0)
    expect(consumer.ids().sort()).toEqual([owed.id, after.id].sort())
  })

  test.each([
    { mode: 'retry-topic', overtaken: true },
    { mode: 'blocking', overtaken: false },
  ] as const)(
    'B11 $mode: the partition of a failed message waits, or goes on: $overtaken',
    async ({ mode, overtaken }) => {
      const { broker, group, envelope } = await lab()
      const failing = envelope({ key: 'one key' })
      const behind = envelope({ key: 'one key' })
      const elsewhere = Array.from({ length: 20 }, (_, index) => envelope({ key: `other-${index}` }))
      const consumer = await consume(
        broker,
        group,
        (deliveries) =>
          deliveries.map(({ envelope: event, attempt }) =>
            event?.id === failing.id && attempt === 1 ? { kind: 'retry', delayMs: 2_000, mode } : { kind: 'ack' },
          ),
        { batchSize: 1 },
      )
      await broker.publish([failing, behind, ...elsewhere])
      const at = (id: string) => consumer.ids().lastIndexOf(id)
      await until('both attempts', () => consumer.ids().filter((id) => id === failing.id).length === 2)
      await until('all are settled', async () => (await waitingIn(broker, group)) === 0)
      expect(at(behind.id) < at(failing.id)).toBe(overtaken)
      // Another partition never waits: most of the other keys were handled before the second attempt.
      expect(elsewhere.filter(({ id }) => at(id) < at(failing.id)).length).toBeGreaterThan(0)
      expect(consumer.seen.find(({ attempt }) => attempt === 2)?.ref).toBe(
        consumer.seen.find(({ envelope: event }) => event?.id === failing.id)?.ref,
      )
    },
  )

  test('what is in flight is bounded while a handler hangs', async () => {
    const { broker, group, envelope } = await lab()
    const body = JSON.stringify('x'.repeat(10_000))
    await broker.publish(Array.from({ length: 1_500 }, () => envelope({ body })))
    const consumer = await consume(broker, group, () => new Promise(() => undefined))
    await until('it holds as much as it takes', () => consumer.subscription.inHand() > 200)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(consumer.subscription.inHand()).toBeLessThan(1_200)
  })
})
