import { describe, expect, test } from 'vitest'
import { settingsOf } from '../semantics/queue-attributes.ts'
import type { NewMessage, QueueDefinition, QueueStore } from './queue-store.ts'

/** A store under test with a clock that the test moves. */
export interface StoreUnderTest {
  store: QueueStore
  discard: () => Promise<void>
}

export interface TestClock {
  now: () => number
  advance(milliseconds: number): void
}

export function testClock(): TestClock {
  let at = 1_700_000_000_000
  return {
    now: () => at,
    advance: (milliseconds) => {
      at += milliseconds
    },
  }
}

const arnPrefix = 'arn:aws:sqs:us-east-1:123456789012:queue-'

/** A queue under a short name. Its ARN is another one, so that a test sees which of the two an operation answers with. */
export function queueNamed(name: string, attributes: Record<string, string> = {}): QueueDefinition {
  const settings = settingsOf(attributes)
  const { redrive } = settings
  if (redrive !== undefined) redrive.deadLetterQueue = redrive.deadLetterQueue.slice(arnPrefix.length)
  return { name, arn: `${arnPrefix}${name}`, createdAt: 0, modifiedAt: 0, settings, attributes, tags: {} }
}

export const redriveTo = (queue: string, maxReceiveCount: number) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueNamed(queue).arn, maxReceiveCount }),
})

export const messageFor = (queues: string[], body: string, delayMs?: number): NewMessage => ({
  id: `id-${body}`,
  body,
  attributes: '{"k":{"DataType":"String","StringValue":"v"}}',
  md5OfBody: '',
  md5OfAttributes: '',
  traceHeader: '',
  groupId: '',
  deduplicationId: '',
  legs: queues.map((queue) => (delayMs === undefined ? { queue } : { queue, delayMs })),
})

export const declareQueues = (store: QueueStore, ...queues: QueueDefinition[]): Promise<void> =>
  store.declare(() => ({ changes: queues.map((queue) => ({ put: 'queue', queue })), result: undefined }))

/** A receipt of the same queue for a message that it never had. */
const unknownKey = (receipt: string): string => receipt.replace(/^(FL-[0-9a-z]+)-[0-9a-z]+/, '$1-zzzzzz')

/** The promises of SPEC.md. `make` gives a new, empty store. */
export function queueStoreContract(name: string, make: (clock: TestClock) => Promise<StoreUnderTest>): void {
  const withStore = (title: string, run: (store: QueueStore, clock: TestClock) => Promise<void>) =>
    test(title, async () => {
      const clock = testClock()
      const made = await make(clock)
      try {
        await declareQueues(made.store, queueNamed('a'), queueNamed('b'))
        await run(made.store, clock)
      } finally {
        await made.discard()
      }
    })
  const bodies = async (store: QueueStore, queue: string, max = 10) =>
    (await store.receive(queue, { max })).messages.map(({ message }) => message.body)
  const receipts = async (store: QueueStore, queue: string, visibilityTimeoutMs = 30_000) =>
    (await store.receive(queue, { max: 10, visibilityTimeoutMs })).messages.map(({ receipt }) => receipt)
  const send = (store: QueueStore, queue: string, ...texts: string[]) =>
    store.accept(texts.map((text) => messageFor([queue], text)))

  describe(`queue store: ${name}`, () => {
    withStore('Q1 Q2 a message for two queues is received from both, whole', async (store, clock) => {
      await store.accept([messageFor(['a', 'b'], 'both'), messageFor(['b'], 'b only')])
      const [received] = (await store.receive('a', { max: 10 })).messages
      expect(received?.message).toMatchObject({ id: 'id-both', body: 'both', sentAt: clock.now() })
      expect(received?.message.attributes).toContain('StringValue')
      expect(await bodies(store, 'b')).toEqual(['both', 'b only'])
    })

    withStore('Q3 a received message comes back after its timeout with a higher count', async (store, clock) => {
      await send(store, 'a', 'x')
      const first = await store.receive('a', { max: 1, visibilityTimeoutMs: 5_000 })
      expect(first.nextVisibleAt).toBe(clock.now() + 5_000)
      clock.advance(4_999)
      expect(await bodies(store, 'a')).toEqual([])
      clock.advance(1)
      const [again] = (await store.receive('a', { max: 1 })).messages
      expect([again?.receiveCount, again?.firstReceivedAt]).toEqual([2, clock.now() - 5_000])
    })

    withStore('Q4 receives at the same time never share a message', async (store) => {
      const texts = Array.from({ length: 100 }, (_, index) => `m${index}`)
      await send(store, 'a', ...texts)
      const got = await Promise.all(Array.from({ length: 20 }, () => bodies(store, 'a', 7)))
      expect(got.flat().sort()).toEqual([...texts].sort())
    })

    withStore('Q5 a deleted message is gone from its queue only', async (store, clock) => {
      await store.accept([messageFor(['a', 'b'], 'x')])
      expect(await store.delete('a', await receipts(store, 'a'))).toEqual(['done'])
      clock.advance(60_000)
      expect(await bodies(store, 'a')).toEqual([])
      expect(await bodies(store, 'b')).toEqual(['x'])
    })

    withStore('Q6 the latest receipt deletes after its timeout, an older one does not', async (store, clock) => {
      await send(store, 'a', 'x')
      const [old = ''] = await receipts(store, 'a', 1_000)
      clock.advance(1_000)
      const [latest = ''] = await receipts(store, 'a', 1_000)
      clock.advance(1_000)
      expect(await store.delete('a', [old, 'made up'])).toEqual(['superseded', 'invalid'])
      expect(await store.delete('b', [latest])).toEqual(['invalid'])
      expect(await store.delete('a', [latest, latest])).toEqual(['done', 'done'])
      expect(await bodies(store, 'a')).toEqual([])
    })

    withStore(
      'Q7 visibility counts from the call, 0 is at once, after the timeout nothing changes',
      async (store, clock) => {
        await send(store, 'a', 'x')
        const [receipt = ''] = await receipts(store, 'a', 5_000)
        clock.advance(4_000)
        expect(await store.changeVisibility('a', [{ receipt, timeoutMs: 5_000 }])).toEqual(['done'])
        clock.advance(4_999)
        expect(await bodies(store, 'a')).toEqual([])
        clock.advance(1)
        expect(await store.changeVisibility('a', [{ receipt, timeoutMs: 5_000 }])).toEqual(['done'])
        const [next = ''] = await receipts(store, 'a')
        await store.changeVisibility('a', [{ receipt: next, timeoutMs: 0 }])
        expect(await bodies(store, 'a')).toEqual(['x'])
        expect(await store.changeVisibility('a', [{ receipt: unknownKey(next), timeoutMs: 0 }])).toEqual(['gone'])
      },
    )

    withStore(
      'Q7 where any receipt will do, an older one and one past its timeout change it too',
      async (store, clock) => {
        await send(store, 'a', 'x')
        const [receipt = ''] = await receipts(store, 'a', 1_000)
        clock.advance(1_000)
        const change = (timeoutMs: number) => store.changeVisibility('a', [{ receipt, timeoutMs, byAnyReceipt: true }])
        expect(await change(5_000)).toEqual(['done'])
        expect(await store.counts('a')).toMatchObject({ visible: 0, inFlight: 1 })
        clock.advance(5_000)
        await receipts(store, 'a', 60_000)
        expect(await change(0)).toEqual(['done'])
        expect(await bodies(store, 'a')).toEqual(['x'])
      },
    )

    withStore('Q8 Q12 delayed, visible and in flight are counted apart', async (store, clock) => {
      await store.accept([messageFor(['a'], 'later', 2_000), messageFor(['a'], 'now'), messageFor(['a'], 'too')])
      expect(await bodies(store, 'a', 1)).toEqual(['now'])
      expect(await store.counts('a')).toMatchObject({ visible: 1, inFlight: 1, delayed: 1, oldestSentAt: clock.now() })
      clock.advance(2_000)
      expect(await store.counts('a')).toMatchObject({ visible: 2, inFlight: 1, delayed: 0 })
    })

    withStore('Q9 first come, first served', async (store) => {
      await send(store, 'a', '1', '2')
      await send(store, 'a', '3')
      expect(await bodies(store, 'a')).toEqual(['1', '2', '3'])
    })

    withStore(
      'Q10 past its receives a message moves to the dead-letter queue, once per queue that gave it up',
      async (store) => {
        const policy = redriveTo('dead', 2)
        await declareQueues(store, queueNamed('dead'), queueNamed('a', policy), queueNamed('b', policy))
        await store.accept([messageFor(['a', 'b'], 'poison')])
        for (const queue of ['a', 'b', 'a', 'b']) expect(await receipts(store, queue, 0)).toHaveLength(1)
        expect(await store.counts('dead')).toMatchObject({ visible: 0 })
        expect([await receipts(store, 'a'), await receipts(store, 'b')]).toEqual([[], []])
        const { messages } = await store.receive('dead', { max: 10 })
        expect(messages.map(({ receiveCount }) => receiveCount)).toEqual([1, 1])
        expect(messages.map(({ receivedElsewhere }) => receivedElsewhere)).toEqual([2, 2])
        expect(messages.map(({ deadLetterSource }) => deadLetterSource)).toEqual([
          queueNamed('a').arn,
          queueNamed('b').arn,
        ])
        const deleted = messages.map(({ receipt }) => receipt)
        expect(await store.delete('dead', deleted)).toEqual(['done', 'done'])
        expect(await store.counts('dead')).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
      },
    )

    withStore('Q10 without its dead-letter queue a message stays', async (store) => {
      await declareQueues(store, queueNamed('a', redriveTo('nowhere', 1)))
      await send(store, 'a', 'x')
      for (let index = 0; index < 4; index++) expect(await receipts(store, 'a', 0)).toHaveLength(1)
    })

    withStore('Q11 a message past its retention is gone', async (store, clock) => {
      await declareQueues(store, queueNamed('a', { MessageRetentionPeriod: '60' }))
      await send(store, 'a', 'old')
      clock.advance(59_000)
      await send(store, 'a', 'new')
      clock.advance(1_000)
      expect(await bodies(store, 'a')).toEqual(['new'])
    })

    withStore('Q13 peek changes nothing', async (store) => {
      await send(store, 'a', 'x', 'y')
      for (let index = 0; index < 3; index++) expect(await store.peek('a', 1)).toHaveLength(1)
      const [received] = (await store.receive('a', { max: 1 })).messages
      expect(received?.receiveCount).toBe(1)
      const states = (await store.peek('a', 10)).map(({ state, receiveCount }) => [state, receiveCount])
      expect(states).toEqual([
        ['in-flight', 1],
        ['visible', 0],
      ])
    })

    withStore('Q14 purge empties one queue, reset everything', async (store) => {
      await store.accept([messageFor(['a', 'b'], 'x')])
      await receipts(store, 'a')
      await store.purge('a')
      expect(await store.counts('a')).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
      expect(await store.counts('b')).toMatchObject({ visible: 1 })
      await store.reset()
      expect((await store.declarations()).queues.size).toBe(0)
      await expect(store.receive('b', { max: 1 })).rejects.toMatchObject({ name: 'UnknownQueue' })
    })

    withStore('Q15 arrivals, delays and releases are announced', async (store, clock) => {
      const announced: [string, number][] = []
      store.onVisible((queue, at) => announced.push([queue, at - clock.now()]))
      await store.accept([messageFor(['a', 'b'], 'x')])
      await store.accept([messageFor(['a'], 'y', 3_000)])
      const given = await receipts(store, 'a')
      await store.changeVisibility('a', [{ receipt: given[0] ?? '', timeoutMs: 7 }])
      expect(announced).toEqual([
        ['a', 0],
        ['b', 0],
        ['a', 3_000],
        ['a', 7],
      ])
    })

    withStore('Q17 a declaration whose decision throws changes nothing', async (store) => {
      const failing = store.declare(() => {
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect([...(await store.declarations()).queues.keys()]).toEqual(['a', 'b'])
    })

    withStore('Q18 a changed queue keeps its messages, a new one of the same name has none', async (store) => {
      await send(store, 'a', 'x')
      const [receipt = ''] = await receipts(store, 'a', 0)
      await declareQueues(store, queueNamed('a', { VisibilityTimeout: '1' }))
      expect(await store.counts('a')).toMatchObject({ visible: 1 })
      await store.declare(() => ({ changes: [{ remove: 'queue', name: 'a' }], result: undefined }))
      await declareQueues(store, queueNamed('a'))
      expect(await store.counts('a')).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
      expect(await store.delete('a', [receipt])).toEqual(['invalid'])
    })

    withStore('Q19 a removed topic takes its subscriptions with it', async (store) => {
      const topicArn = 'arn:aws:sns:us-east-1:123456789012:t'
      const subscription = {
        arn: `${topicArn}:1`,
        topicArn,
        protocol: 'sqs' as const,
        endpoint: queueNamed('a').arn,
        queue: 'a',
        attributes: {},
      }
      await store.declare(() => ({
        changes: [
          { put: 'topic', topic: { arn: topicArn, attributes: {}, tags: {} } },
          { put: 'subscription', subscription },
        ],
        result: undefined,
      }))
      expect((await store.declarations()).subscriptionsOf(topicArn)).toEqual([subscription])
      await store.declare(() => ({ changes: [{ remove: 'topic', arn: topicArn }], result: undefined }))
      const left = await store.declarations()
      expect([left.subscriptions.size, left.subscriptionsOf(topicArn)]).toEqual([0, []])
    })
  })
}
