import { startRedis } from '../../../test/redis.ts'
import { brokerContract } from '../broker.contract.ts'
import { simulatorUnderTest } from './sns-sqs.contract.ts'

brokerContract('the sns-sqs driver against the simulator', simulatorUnderTest)
brokerContract('sns-sqs, redis store', async () => simulatorUnderTest(await startRedis()))
