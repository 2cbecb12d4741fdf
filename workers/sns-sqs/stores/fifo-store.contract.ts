import { describe, expect, test } from 'vitest'
import {
  declareQueues,
  messageFor,
  queueNamed,
  queueStoreContract,
  redriveTo,
  type StoreUnderTest,
  type TestClock,
  testClock,
} from './queue-store.contract.ts'
import type { NewMessage, QueueStore } from './queue-store.ts'
import { receiveAttemptsContract } from './receive-attempts.contract.ts'

export const inGroup = (queue: string, groupId: string, body: string, deduplicationId = body): NewMessage => ({
  ...messageFor([queue], body),
  groupId,
  deduplicationId,
})

/** All promises of a store. */
export function storeContracts(name: string, make: (clock: TestClock) => Promise<StoreUnderTest>): void {
  queueStoreContract(name, make)
  fifoStoreContract(name, make)
  receiveAttemptsContract(name, make)
}

const fifo = { FifoQueue: 'true' }

/** The promises of SPEC.md about FIFO queues and moved messages. `make` gives a new, empty store. */
function fifoStoreContract(name: string, make: (clock: TestClock) => Promise<StoreUnderTest>): void {
  const withStore = (title: string, run: (store: QueueStore, clock: TestClock) => Promise<void>) =>
    test(title, async () => {
      const clock = testClock()
      const made = await make(clock)
      try {
        await declareQueues(made.store, queueNamed('f', fifo), queueNamed('a'))
        await run(made.store, clock)
      } finally {
        await made.discard()
      }
    })
  const receive = async (store: QueueStore, queue: string, max = 10, visibilityTimeoutMs = 30_000) =>
    (await store.receive(queue, { max, visibilityTimeoutMs })).messages
  const bodies = async (store: QueueStore, queue: string, max = 10) =>
    (await receive(store, queue, max)).map(({ message }) => message.body)
  const send = (store: QueueStore, ...messages: NewMessage[]) => store.accept(messages)

  describe(`FIFO queues: ${name}`, () => {
    withStore('Q30 a receive takes of one group what it can, then of the next, in order', async (store) => {
      await send(
        store,
        inGroup('f', 'g', 'g1'),
        inGroup('f', 'h', 'h1'),
        inGroup('f', 'g', 'g2'),
        inGroup('f', 'g', 'g3'),
      )
      expect(await bodies(store, 'f', 2)).toEqual(['g1', 'g2'])
      expect(await bodies(store, 'f')).toEqual(['h1'])
    })

    withStore(
      'Q31 a group is closed while its first message is hidden, and opens when it is deleted',
      async (store) => {
        await send(store, inGroup('f', 'g', 'g1'), inGroup('f', 'g', 'g2'), inGroup('f', 'g', 'g3'))
        const announced: string[] = []
        const [first, second] = await receive(store, 'f', 2)
        expect(await bodies(store, 'f')).toEqual([])
        await store.changeVisibility('f', [{ receipt: second?.receipt ?? '', timeoutMs: 0 }])
        expect(await bodies(store, 'f')).toEqual([])
        store.onVisible((queue) => announced.push(queue))
        expect(await store.delete('f', [first?.receipt ?? ''])).toEqual(['done'])
        expect(announced).toEqual(['f'])
        expect(await bodies(store, 'f')).toEqual(['g2', 'g3'])
      },
    )

    withStore('Q31 a message that comes back comes before those behind it', async (store, clock) => {
      await send(store, inGroup('f', 'g', 'g1'), inGroup('f', 'g', 'g2'))
      await receive(store, 'f', 1, 1_000)
      clock.advance(1_000)
      const again = await receive(store, 'f')
      expect(again.map(({ message, receiveCount }) => [message.body, receiveCount])).toEqual([
        ['g1', 2],
        ['g2', 1],
      ])
    })

    withStore('Q32 a receipt of a FIFO queue is good until its timeout has passed', async (store, clock) => {
      await send(store, inGroup('f', 'g', 'g1'))
      const [first] = await receive(store, 'f', 1, 1_000)
      clock.advance(1_000)
      const receipt = first?.receipt ?? ''
      expect(await store.delete('f', [receipt])).toEqual(['expired'])
      expect(await store.changeVisibility('f', [{ receipt, timeoutMs: 5_000 }])).toEqual(['expired'])
      const [second] = await receive(store, 'f')
      expect(await store.delete('f', [receipt])).toEqual(['expired'])
      expect(await store.delete('f', [second?.receipt ?? ''])).toEqual(['done'])
      expect(await store.delete('f', [second?.receipt ?? ''])).toEqual(['done'])
    })

    withStore(
      'Q33 what repeats within five minutes is not taken, also after the first is deleted',
      async (store, clock) => {
        const [taken] = await send(store, { ...inGroup('f', 'g', 'x', 'once'), id: 'first' })
        const [repeated] = await send(store, { ...inGroup('f', 'h', 'y', 'once'), id: 'second' })
        expect(taken).toMatchObject({ id: 'first', repeated: false })
        expect(repeated).toEqual({ id: 'first', seq: taken?.seq, repeated: true })
        const [got] = await receive(store, 'f')
        expect(got?.key).toBe(taken?.seq)
        await store.delete('f', [got?.receipt ?? ''])
        clock.advance(299_999)
        expect((await send(store, inGroup('f', 'g', 'z', 'once')))[0]?.repeated).toBe(true)
        clock.advance(1)
        expect((await send(store, inGroup('f', 'g', 'z', 'once')))[0]?.repeated).toBe(false)
        expect(await bodies(store, 'f')).toEqual(['z'])
      },
    )

    withStore('Q33 within one call and by group, where the queue says so', async (store) => {
      const both = await send(store, inGroup('f', 'g', 'a', 'd'), inGroup('f', 'h', 'b', 'd'))
      expect(both.map(({ repeated }) => repeated)).toEqual([false, true])
      await declareQueues(store, queueNamed('p', { ...fifo, DeduplicationScope: 'messageGroup' }))
      const apart = await send(
        store,
        inGroup('p', 'g', 'a', 'd'),
        inGroup('p', 'h', 'b', 'd'),
        inGroup('p', 'h', 'c', 'd'),
      )
      expect(apart.map(({ repeated }) => repeated)).toEqual([false, false, true])
      expect((await bodies(store, 'p')).sort()).toEqual(['a', 'b'])
    })

    withStore('Q33 a purge forgets deduplication ids', async (store) => {
      await send(store, inGroup('f', 'g', 'x', 'd'))
      await store.purge('f')
      expect((await send(store, inGroup('f', 'g', 'x', 'd')))[0]?.repeated).toBe(false)
      expect(await bodies(store, 'f')).toEqual(['x'])
    })

    withStore('Q34 a topic takes an id once, with all messages of that publication', async (store) => {
      const once = (token: string) => ({ once: { scope: 'topic', id: 'd', token } })
      const first = await send(
        store,
        { ...messageFor(['a'], 'x'), ...once('1') },
        { ...messageFor(['a'], 'y'), ...once('1') },
      )
      expect(first.map(({ repeated }) => repeated)).toEqual([false, false])
      const [again] = await send(store, { ...messageFor(['a'], 'z'), ...once('2') })
      expect(again).toMatchObject({ id: '1', repeated: true })
      expect(await bodies(store, 'a')).toEqual(['x', 'y'])
    })

    withStore('Q35 sequence numbers rise with each message, and are those that a receive returns', async (store) => {
      const sent = await send(store, inGroup('f', 'g', '1'), inGroup('f', 'g', '2'), inGroup('f', 'h', '3'))
      const numbers = sent.map(({ seq }) => seq)
      expect([...numbers].sort((a, b) => a - b)).toEqual(numbers)
      const got = await receive(store, 'f')
      expect(got.map(({ key }) => key)).toEqual(numbers)
    })

    withStore(
      'Q36 dead letters of a FIFO queue keep their order in a FIFO queue and open their group',
      async (store, clock) => {
        await declareQueues(store, queueNamed('dead', fifo), queueNamed('f', { ...fifo, ...redriveTo('dead', 1) }))
        await send(store, inGroup('f', 'g', '1'), inGroup('f', 'g', '2'), inGroup('f', 'g', '3'))
        await receive(store, 'f', 2, 1_000)
        clock.advance(1_000)
        expect(await bodies(store, 'f')).toEqual(['3'])
        const dead = await receive(store, 'dead')
        expect(dead.map(({ message, deadLetterSource }) => [message.body, deadLetterSource])).toEqual([
          ['1', queueNamed('f').arn],
          ['2', queueNamed('f').arn],
        ])
        expect(await store.counts('f')).toMatchObject({ visible: 0, inFlight: 1 })
      },
    )

    withStore('Q11 Q12 retention and counts hold for FIFO queues', async (store, clock) => {
      await declareQueues(store, queueNamed('f', { ...fifo, MessageRetentionPeriod: '60', DelaySeconds: '5' }))
      await send(store, inGroup('f', 'g', '1'))
      expect(await store.counts('f')).toMatchObject({ visible: 0, delayed: 1 })
      expect(await bodies(store, 'f')).toEqual([])
      clock.advance(59_000)
      await send(store, inGroup('f', 'g', '2'))
      clock.advance(5_000)
      expect(await bodies(store, 'f')).toEqual(['2'])
      expect(await store.counts('f')).toMatchObject({ visible: 0, inFlight: 1, delayed: 0 })
    })

    withStore('Q37 moved messages are new ones, in order, with text and attributes', async (store, clock) => {
      await declareQueues(
        store,
        queueNamed('dead'),
        queueNamed('a', redriveTo('dead', 1)),
        queueNamed('b', redriveTo('dead', 1)),
      )
      await store.accept([messageFor(['a'], '1'), messageFor(['b'], '2'), messageFor(['a'], '3')])
      for (const queue of ['a', 'b', 'a', 'b']) await receive(store, queue, 10, 0)
      expect(await store.counts('dead')).toMatchObject({ visible: 3 })
      clock.advance(1_000)
      const bySource = new Map([
        [queueNamed('a').arn, 'a'],
        [queueNamed('b').arn, 'b'],
      ])
      expect(await store.move('dead', { bySource }, 2)).toMatchObject({ moved: 2, stuck: false })
      expect(await store.move('dead', { bySource }, 10)).toMatchObject({ moved: 1, stuck: false })
      expect(await store.move('dead', { bySource }, 10)).toEqual({ moved: 0, more: false, stuck: false })
      const got = [...(await receive(store, 'a')), ...(await receive(store, 'b'))]
      expect(got.map(({ message }) => message.body)).toEqual(['1', '3', '2'])
      for (const { message, receiveCount, deadLetterSource } of got) {
        expect([message.sentAt, receiveCount, deadLetterSource]).toEqual([clock.now(), 1, ''])
        expect(message.id).toMatch(/^[0-9a-f-]{36}$/)
        expect(message.attributes).toContain('StringValue')
      }
    })

    withStore('Q37 a move stops at a message without a target, and goes anywhere where asked', async (store) => {
      await store.accept([messageFor(['a'], 'x')])
      expect(await store.move('a', { bySource: new Map() }, 5)).toEqual({ moved: 0, more: false, stuck: true })
      await declareQueues(store, queueNamed('b'))
      expect(await store.move('a', { anywhere: 'b' }, 5)).toMatchObject({ moved: 1 })
      expect(await bodies(store, 'b')).toEqual(['x'])
    })

    withStore('Q37 a move between FIFO queues keeps each group in order', async (store) => {
      await declareQueues(store, queueNamed('to', fifo))
      await send(store, inGroup('f', 'g', '1'), inGroup('f', 'h', 'x'), inGroup('f', 'g', '2'), inGroup('f', 'g', '3'))
      await store.move('f', { anywhere: 'to' }, 2)
      await store.move('f', { anywhere: 'to' }, 10)
      const got = await receive(store, 'to')
      expect(got.filter(({ message }) => message.groupId === 'g').map(({ message }) => message.body)).toEqual([
        '1',
        '2',
        '3',
      ])
      expect(got).toHaveLength(4)
    })

    withStore('Q38 records are kept with the other declarations', async (store) => {
      const record = { kind: 'move-task' as const, id: 't', value: '{"x":1}' }
      await store.declare(() => ({ changes: [{ put: 'record', record }], result: undefined }))
      expect((await store.declarations()).records.get('move-task t')).toEqual(record)
      await store.declare(() => ({ changes: [{ remove: 'record', kind: 'move-task', id: 't' }], result: undefined }))
      expect((await store.declarations()).records.size).toBe(0)
    })
  })
}
