import { describe } from 'vitest'
import { ownRedisMissing, startOwnRedis } from '../../../test/redis.ts'
import { brokerContract } from '../broker.contract.ts'
import { simulatorUnderTest } from './sns-sqs.contract.ts'

brokerContract('the sns-sqs driver against the simulator', simulatorUnderTest)

describe.skipIf(await ownRedisMissing('the sns-sqs driver on Redis'))('with Redis', () => {
  brokerContract('sns-sqs, redis store', async () => simulatorUnderTest(await startOwnRedis()))
})
