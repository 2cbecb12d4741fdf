import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RedisServer, redisMissing, startRedis } from '../../../test/redis.ts'
import { LongPoll } from '../long-poll.ts'
import { declareQueues, messageFor, queueNamed } from './queue-store.contract.ts'
import type { QueueStore } from './queue-store.ts'
import { redisStore } from './redis.ts'

let redis: RedisServer
const missing = await redisMissing('the Redis store of the simulator')
const open: QueueStore[] = []
/** A first connection may take long where the machine is busy. */
const patient = { answerWithinMs: 15_000, patienceMs: 15_000 }

/** Probes until it holds: coming back takes a second and more where the machine is busy. */
const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 15_000 })

beforeAll(async () => {
  if (missing === undefined) redis = await startRedis()
})
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})
afterAll(() => redis?.stop())

/** Stores of the same data, as the processes of two simulators have them. */
function pair(): [QueueStore, QueueStore] {
  const namespace = randomUUID()
  const stores: [QueueStore, QueueStore] = [
    redisStore({ url: redis.url, namespace, ...patient }),
    redisStore({ url: redis.url, namespace, ...patient }),
  ]
  open.push(...stores)
  return stores
}

const client = { gone: false, onGone: () => () => {} }
const texts = (count: number, name = 'm') => Array.from({ length: count }, (_, index) => `${name}${index}`)

describe.skipIf(missing)('a Redis that several share', () => {
  test('Q24 Q4 two stores of the same data share messages: each is received once', async () => {
    const [one, two] = pair()
    await declareQueues(one, queueNamed('a'))
    const sent = texts(600)
    const send = async (store: QueueStore, mine: string[]) => {
      for (let at = 0; at < mine.length; at += 10) {
        await store.accept(mine.slice(at, at + 10).map((text) => messageFor(['a'], text)))
      }
    }
    const got: string[] = []
    const take = async (store: QueueStore) => {
      while (got.length < sent.length) {
        const { messages } = await store.receive('a', { max: 7 })
        got.push(...messages.map(({ message }) => message.body))
      }
    }
    await Promise.all([send(one, sent.slice(0, 300)), send(two, sent.slice(300)), take(one), take(two), take(two)])
    expect(got.sort()).toEqual(sent.sort())
  })

  test('Q24 a queue that one declares is there for the other at once, with its number', async () => {
    const [one, two] = pair()
    await declareQueues(one, queueNamed('a'))
    await two.knownDeclarations()
    for (const name of texts(20, 'q')) {
      await declareQueues(one, queueNamed(name))
      await two.accept([messageFor([name], 'x')])
      expect(await one.counts(name)).toMatchObject({ visible: 1 })
    }
    await one.declare(() => ({ changes: [{ remove: 'queue', name: 'a' }], result: undefined }))
    await expect(two.receive('a', { max: 1 })).rejects.toMatchObject({ name: 'UnknownQueue' })
  })

  test('Q17 declarations that several make at the same time are all made', async () => {
    const [one, two] = pair()
    await Promise.all(texts(12).map((name, index) => declareQueues(index % 2 === 0 ? one : two, queueNamed(name))))
    for (const store of [one, two]) expect((await store.declarations()).queues.size).toBe(12)
  })

  test('Q15 Q24 a long poll at one is woken by what the other does', { timeout: 60_000 }, async () => {
    const [one, two] = pair()
    await declareQueues(one, queueNamed('a'))
    // Nobody looks again here: a waiter that is not notified waits in vain.
    const poll = new LongPoll(Object.assign(Object.create(two), { lookAgainMs: undefined }))
    const wait = () => poll.receive('a', { max: 1, visibilityTimeoutMs: 60_000 }, 15_000, client)
    let announced = 0
    two.onVisible(() => {
      announced += 1
    })
    // The listening connection comes up by itself; only the first message of an empty queue is announced.
    await eventually(async () => {
      await one.purge('a')
      await one.accept([messageFor(['a'], 'first')])
      return announced
    }).toBeGreaterThan(0)
    await one.purge('a')
    for (const text of texts(100)) {
      const waiting = wait()
      await one.accept([messageFor(['a'], text)])
      const [received] = await waiting
      expect(received?.message.body).toBe(text)
      await two.delete('a', [received?.receipt ?? ''])
    }
    const delayed = wait()
    await one.accept([messageFor(['a'], 'delayed', 300)])
    const [late] = await delayed
    expect(late?.message.body).toBe('delayed')
    const again = wait()
    await one.changeVisibility('a', [{ receipt: late?.receipt ?? '', timeoutMs: 0 }])
    expect((await again)[0]?.receiveCount).toBe(2)
    poll.close()
  })

  test('Q15 a waiter that was not notified looks again by itself', { timeout: 60_000 }, async () => {
    const [one, two] = pair()
    await declareQueues(one, queueNamed('a'))
    // What the other process says is lost on this way, as pub/sub may lose it.
    const deaf: QueueStore = Object.assign(Object.create(two), { onVisible: () => {} })
    const poll = new LongPoll(deaf)
    await two.counts('a')
    const waiting = poll.receive('a', { max: 1 }, 15_000, client)
    await two.counts('a')
    await one.accept([messageFor(['a'], 'x')])
    expect((await waiting).map(({ message }) => message.body)).toEqual(['x'])
    poll.close()
  })

  test('Q24 each message wakes one waiter, and nobody waits while there is one', { timeout: 60_000 }, async () => {
    const [one, two] = pair()
    await declareQueues(one, queueNamed('a'))
    const polls = [new LongPoll(one), new LongPoll(two)]
    const waiting = texts(20).map((_, index) =>
      polls[index % 2]?.receive('a', { max: 1, visibilityTimeoutMs: 60_000 }, 15_000, client),
    )
    await one.counts('a')
    const sent = texts(20)
    for (const text of sent) await one.accept([messageFor(['a'], text)])
    const got = (await Promise.all(waiting)).flatMap((messages) => messages ?? [])
    expect(got.map(({ message }) => message.body).sort()).toEqual(sent.sort())
    for (const poll of polls) poll.close()
  })

  test('Q25 messages that were addressed by outdated declarations are refused, to be addressed again', async () => {
    const [one, two] = pair()
    await declareQueues(one, queueNamed('a'))
    const known = await two.declarations()
    await declareQueues(one, queueNamed('b'))
    await expect(two.accept([messageFor(['a'], 'x')], known)).rejects.toMatchObject({ name: 'DeclarationsChanged' })
    expect(await two.counts('a')).toMatchObject({ visible: 0 })
    await two.accept([messageFor(['a', 'b'], 'x')], await two.knownDeclarations())
    expect(await one.counts('b')).toMatchObject({ visible: 1 })
  })

  test('Q11 what is past its retention goes in slices, also where nobody receives', { timeout: 60_000 }, async () => {
    const namespace = randomUUID()
    let now = 1_700_000_000_000
    const store = redisStore({ url: redis.url, namespace, clock: () => now, ...patient })
    open.push(store)
    await declareQueues(store, queueNamed('a', { MessageRetentionPeriod: '60' }))
    for (let at = 0; at < 1_000; at += 100) {
      await store.accept(texts(100, `${at}-`).map((text) => messageFor(['a'], text)))
    }
    now += 60_000
    await store.accept([messageFor(['a'], 'young')])
    const { visible } = await store.counts('a')
    expect(visible).toBeLessThan(1_001)
    expect(visible).toBeGreaterThan(1)
    await eventually(async () => (await store.peek('a', 10)).map(({ message }) => message.body)).toEqual(['young'])
  })
})
