import { Redis } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { type RedisServer, redisMissing, startRedis } from './redis.ts'

describe.skipIf(await redisMissing('the real Redis of the tests'))('a real Redis', () => {
  let redis: RedisServer | undefined
  afterAll(() => redis?.stop())

  it('keeps what it answered over a SIGKILL, answers again on the same port, and hangs while paused', async () => {
    redis = await startRedis()
    const client = new Redis(redis.url, { retryStrategy: () => 50, maxRetriesPerRequest: null, commandTimeout: 10_000 })
    client.on('error', () => undefined)
    try {
      for (let i = 1; i <= 100; i += 1) await client.incr('kept')
      await redis.kill()
      await redis.restart()
      expect(await client.get('kept')).toBe('100')
      redis.pause()
      const answer = client.incr('kept')
      // Nothing follows a paused process: that it is silent shows only in time.
      const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 150, 'nothing'))])
      expect(first).toBe('nothing')
      redis.resume()
      expect(await answer).toBe(101)
    } finally {
      client.disconnect()
    }
  })
})
