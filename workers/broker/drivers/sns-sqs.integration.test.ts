import { brokerContract } from '../broker.contract.ts'
import { simulatorUnderTest } from './simulator-under-test.ts'

brokerContract('the sns-sqs driver against the simulator', simulatorUnderTest)
