import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { type RedisServer, redisMissing, startRedis } from '../../../test/redis.ts'
import { redisStore } from '../stores/redis.ts'
import { explainContract } from './explain.contract.ts'
import { testSimulator } from './simulator.contract.ts'
import { snsContract } from './sns.contract.ts'
import { snsAnswersContract } from './sns-answers.contract.ts'
import { snsHistoryContract } from './sns-history.contract.ts'
import { sqsContract } from './sqs.contract.ts'

let redis: RedisServer
const missing = await redisMissing('the simulator on Redis')

beforeAll(async () => {
  if (missing === undefined) redis = await startRedis()
})
afterAll(() => redis?.stop())

sqsContract('memory', () => testSimulator())
snsContract('memory', () => testSimulator())
snsAnswersContract('memory', () => testSimulator())
snsHistoryContract('memory', () => testSimulator())
explainContract('memory', () => testSimulator())

describe.skipIf(missing)('with Redis', () => {
  const onRedis = () => {
    const namespace = randomUUID()
    return testSimulator({
      store: ({ aheadMs }) =>
        redisStore({ url: redis.url, namespace, aheadMs, answerWithinMs: 15_000, patienceMs: 15_000 }),
    })
  }
  sqsContract('redis', onRedis)
  snsContract('redis', onRedis)
  snsAnswersContract('redis', onRedis)
  snsHistoryContract('redis', onRedis)
  explainContract('redis', onRedis)
})
