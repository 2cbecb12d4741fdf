import { brokerContract } from '../broker.contract.ts'
import { simulatorUnderTest } from './sns-sqs.contract.ts'

brokerContract('the sns-sqs driver against the simulator', simulatorUnderTest)
