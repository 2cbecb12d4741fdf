import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ownRedisMissing, type RedisServer, startOwnRedis } from '../../../test/redis.ts'
import { declareQueues, messageFor, queueNamed } from './queue-store.contract.ts'
import type { QueueStore } from './queue-store.ts'
import type { RedisStoreOptions } from './redis/redis-store-options.ts'
import { redisStore } from './redis.ts'
import { startWay } from './redis-way.fixture.ts'

let redis: RedisServer
let direct: Redis
const open: QueueStore[] = []

/** Probes until it holds: coming back takes a second and more where the machine is busy. */
const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 15_000 })

function connect(over: Partial<RedisStoreOptions> = {}): QueueStore {
  const store = redisStore({ url: redis.url, answerWithinMs: 2_000, patienceMs: 2_000, doubtMs: 3_000, ...over })
  open.push(store)
  return store
}

const bodies = async (store: QueueStore, name = 'a') =>
  (await store.receive(name, { max: 10, visibilityTimeoutMs: 0 })).messages.map(({ message }) => message.body)
const send = (store: QueueStore, ...texts: string[]) => store.accept(texts.map((text) => messageFor(['a'], text)))
const back = (store: QueueStore) => eventually(() => store.counts('a').catch(() => 'away')).not.toBe('away')

describe.skipIf(await ownRedisMissing('the Redis store in trouble'))('a redis in trouble', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    redis = await startOwnRedis()
    direct = new Redis(redis.url, { maxRetriesPerRequest: null })
    direct.on('error', () => {})
  })
  beforeEach(async () => {
    await direct.flushall()
  })
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close()
  })
  afterAll(async () => {
    direct.disconnect()
    await redis.stop()
  })

  test('Q26 killed and started again: refused in words meanwhile, everything accepted is there after', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    await send(store, 'before')
    const [held] = (await store.receive('a', { max: 1, visibilityTimeoutMs: 60_000 })).messages
    await send(store, 'waiting')
    await redis.kill()
    const reason = `redis at 127.0.0.1:${redis.port} does not answer`
    await eventually(() => send(store, 'lost').catch((error) => `${error.name}: ${error.message}`)).toContain(
      `StoreUnavailable: ${reason}: connect ECONNREFUSED`,
    )
    const unavailable = { name: 'StoreUnavailable', message: expect.stringContaining(reason) }
    await expect(store.receive('a', { max: 1 })).rejects.toMatchObject(unavailable)
    await expect(store.declarations()).rejects.toMatchObject(unavailable)
    await expect(declareQueues(store, queueNamed('b'))).rejects.toMatchObject(unavailable)
    expect(store.notices()[0]).toContain(reason)
    await redis.restart()
    await back(store)
    expect(await bodies(store)).toEqual(['waiting'])
    expect(await store.delete('a', [held?.receipt ?? ''])).toEqual(['done'])
    expect(store.notices()).toEqual([])
  })

  test('Q26 opened while there is no redis: refused at first, serves once it is there', async () => {
    await redis.kill()
    const store = connect()
    await expect(store.declarations()).rejects.toMatchObject({ name: 'StoreUnavailable' })
    await redis.restart()
    await eventually(() =>
      declareQueues(store, queueNamed('a')).then(
        () => 'declared',
        () => 'away',
      ),
    ).toBe('declared')
    await send(store, 'x')
    expect(await bodies(store)).toEqual(['x'])
  })

  test('Q26 Q27 one that hangs is given up; what was sent into it is taken at most once', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    redis.pause()
    const began = Date.now()
    const outcomes = await Promise.all(
      ['x', 'y', 'z'].map((text) =>
        send(store, text).then(
          () => 'taken',
          (error) => error.name,
        ),
      ),
    )
    expect(Date.now() - began).toBeLessThan(20_000)
    expect(new Set(outcomes)).toEqual(new Set(['OutcomeUnknown']))
    await expect(store.receive('a', { max: 1 })).rejects.toMatchObject({ name: 'StoreUnavailable' })
    redis.resume()
    await back(store)
    const found = await bodies(store)
    expect(new Set(found).size).toBe(found.length)
    await send(store, 'after')
    expect(await bodies(store)).toContain('after')
  })

  test('Q27 a send whose answer was lost with the connection is taken once', async () => {
    const way = await startWay(redis.port)
    const store = connect({ url: `redis://127.0.0.1:${way.port}` })
    await declareQueues(store, queueNamed('a'))
    const sent: string[] = []
    for (let round = 0; round < 15; round++) {
      const texts = ['x', 'y', 'z'].map((name) => `${name}${round}`)
      sent.push(...texts)
      way.loseNextAnswer()
      await Promise.all(texts.map((text) => send(store, text)))
    }
    expect(way.lost()).toBeGreaterThan(10)
    const found = (await store.peek('a', 1_000)).map(({ message }) => message.body)
    expect(found.sort()).toEqual(sent.sort())
    way.stop()
  })

  test('Q28 FLUSHALL: everything says so and how to go on; declaring again begins again; old receipts are invalid', async () => {
    const store = connect()
    const other = connect()
    await declareQueues(store, queueNamed('a'))
    await declareQueues(other, queueNamed('b'))
    await send(store, 'lost')
    const [held] = (await store.receive('a', { max: 1 })).messages
    await store.declarations()
    await direct.flushall()
    const gone = {
      name: 'StoreUnavailable',
      message: expect.stringMatching(/is gone \(FLUSHALL.*2 queues.*moto-api\/reset/),
    }
    for (const one of [store, other]) {
      await expect(send(one, 'x')).rejects.toMatchObject(gone)
      await expect(one.receive('a', { max: 1 })).rejects.toMatchObject(gone)
      await expect(one.counts('a')).rejects.toMatchObject(gone)
      await expect(one.declarations()).rejects.toMatchObject(gone)
      expect(one.notices()[0]).toContain('is gone')
    }
    expect(await direct.dbsize()).toBe(0)
    await declareQueues(store, queueNamed('a'))
    await send(store, 'new')
    expect(await bodies(other)).toEqual(['new'])
    expect(await store.delete('a', [held?.receipt ?? ''])).toEqual(['invalid'])
    await expect(other.receive('b', { max: 1 })).rejects.toMatchObject({ name: 'UnknownQueue' })
    expect(store.notices()[0]).toContain('declared again since')
  })

  test('Q28 a reset is another way to begin again; a process that never saw the data begins by itself', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    await direct.flushall()
    await expect(store.counts('a')).rejects.toMatchObject({ name: 'StoreUnavailable' })
    await store.reset()
    expect((await store.declarations()).queues.size).toBe(0)
    await direct.flushall()
    expect((await connect().declarations()).queues.size).toBe(0)
    expect((await store.declarations()).queues.size).toBe(0)
  })

  test('Q28 a server that came back without its file has lost the data as well', async () => {
    const forgetful = await startOwnRedis(['--appendonly', 'no'])
    const store = connect({ url: forgetful.url })
    await declareQueues(store, queueNamed('a'))
    expect(store.notices()[0]).toContain('keeps no append-only file')
    await forgetful.kill()
    await forgetful.restart()
    const outcome = () => store.counts('a').catch((error) => error.message)
    await eventually(outcome).toContain('is gone')
    await declareQueues(store, queueNamed('a'))
    expect(await store.counts('a')).toMatchObject({ visible: 0 })
    await forgetful.stop()
  })

  test('scripts that were flushed are sent again', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    for (let round = 0; round < 3; round++) {
      await direct.script('FLUSH')
      await Promise.all([send(store, `x${round}`), send(store, `y${round}`), store.counts('a')])
    }
    await direct.script('FLUSH')
    expect((await bodies(store)).length).toBe(6)
  })

  test('Q29 a full memory refuses sends in words, receives and deletes go on, and then sends', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    await send(store, 'kept')
    await direct.config('SET', 'maxmemory', '1')
    const full = { name: 'StoreUnavailable', message: expect.stringContaining('its memory is full') }
    await expect(send(store, 'refused')).rejects.toMatchObject(full)
    const { messages } = await store.receive('a', { max: 10 })
    expect(messages.map(({ message }) => message.body)).toEqual(['kept'])
    expect(await store.delete('a', [messages[0]?.receipt ?? ''])).toEqual(['done'])
    await direct.config('SET', 'maxmemory', '0')
    await send(store, 'taken')
    expect(await bodies(store)).toEqual(['taken'])
  })

  test('Q26 a primary that became a replica refuses in words, and takes again when it is one no more', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    await send(store, 'kept')
    await direct.replicaof('127.0.0.1', '1')
    const replica = /it is a replica and takes no writes/
    await eventually(() => send(store, 'x').catch((error) => `${error.name} ${error.message}`)).toMatch(replica)
    await eventually(() => store.receive('a', { max: 1 }).catch((error) => error.message)).toMatch(replica)
    await direct.replicaof('NO', 'ONE')
    await eventually(() =>
      send(store, 'y').then(
        () => 'taken',
        () => 'refused',
      ),
    ).toBe('taken')
    expect(await bodies(store)).toEqual(['kept', 'y'])
  })

  test('Q26 a wrong password is said, and how to give the right one', async () => {
    const guarded = await startOwnRedis()
    const owner = new Redis(guarded.url)
    await owner.config('SET', 'requirepass', 'secret')
    owner.disconnect()
    const open = connect({ url: guarded.url })
    await eventually(() => open.declarations().catch((error) => error.message)).toMatch(/put it into REDIS_URL/)
    const wrong = connect({ url: guarded.url.replace('//', '//:guess@') })
    await eventually(() => wrong.declarations().catch((error) => error.message)).toMatch(/REDIS_URL are wrong/)
    const right = connect({ url: guarded.url.replace('//', '//:secret@') })
    await declareQueues(right, queueNamed('a'))
    for (const store of [open, wrong]) expect(store.notices().join()).not.toMatch(/secret|guess/)
    await guarded.stop()
  })

  test('Q6 keys are not given out twice by a server that forgot its last second', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    await send(store, 'x')
    const before = Number(await direct.hget('{faultline}:meta', 'seq'))
    await redis.kill()
    await redis.restart()
    await back(store)
    await send(store, 'y')
    expect(Number(await direct.hget('{faultline}:meta', 'seq'))).toBeGreaterThan(before + 100_000)
  })

  test('a closed store rejects, and closing while redis is away does not hang', async () => {
    const store = connect()
    await declareQueues(store, queueNamed('a'))
    await redis.kill()
    const late = send(store, 'x').catch((error) => error.name)
    await store.close()
    expect(['StoreUnavailable', 'OutcomeUnknown']).toContain(await late)
    await expect(store.counts('a')).rejects.toThrow('closed')
    await redis.restart()
  })
})
