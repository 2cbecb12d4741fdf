import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type RedisServer, redisMissing, startRedis } from '../../../test/redis.ts'
import { storeContracts } from './fifo-store.contract.ts'
import { compareFifo, fifoSteps } from './fifo-store.model.contract.ts'
import { compare, steps } from './queue-store.model.contract.ts'
import { redisStore } from './redis.ts'

let redis: RedisServer
/** A first connection may take long where the machine is busy. */
const patient = { answerWithinMs: 15_000, patienceMs: 15_000 }
const missing = await redisMissing('the Redis store of the simulator')

beforeAll(async () => {
  if (missing === undefined) redis = await startRedis()
})
afterAll(() => redis?.stop())

describe.skipIf(missing)('the Redis store', () => {
  storeContracts('redis', async (clock) => {
    const store = redisStore({ url: redis.url, namespace: randomUUID(), clock: clock.now, ...patient })
    return { store, discard: () => store.close() }
  })

  test('Q1 to Q15 Q20 Q21: it does what a naive list does, opened again by another process at any moment', async () => {
    const property = fc.asyncProperty(steps(60), (some) => {
      const namespace = randomUUID()
      return compare(some, (clock) => redisStore({ url: redis.url, namespace, clock, ...patient }), true)
    })
    await fc.assert(property, { numRuns: 60 })
  }, 120_000)

  test('Q30 to Q37 Q20: FIFO queues do what naive lists do, opened again by another process at any moment', async () => {
    const property = fc.asyncProperty(fifoSteps(60), (some) => {
      const namespace = randomUUID()
      return compareFifo(some, (clock) => redisStore({ url: redis.url, namespace, clock, ...patient }), true)
    })
    await fc.assert(property, { numRuns: 60 })
  }, 120_000)
})
