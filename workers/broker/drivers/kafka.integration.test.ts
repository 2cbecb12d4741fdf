import { describe } from 'vitest'
import { kafkaMissing } from '../../../test/kafka.ts'
import { brokerContract } from '../broker.contract.ts'
import { kafkaUnderTest } from './kafka.contract.ts'

describe.skipIf(await kafkaMissing('the contract of the Kafka driver'))('on a real Kafka', () => {
  brokerContract('the kafka driver', kafkaUnderTest)
})
