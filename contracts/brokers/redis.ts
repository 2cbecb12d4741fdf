import { text } from '../environment.ts'
import { defineBroker } from './define-broker.ts'
import { awsEnvironment, simulatorOptions, snsSqs } from './sns-sqs.ts'

const missing = 'SNS_SQS_REDIS_ENDPOINT_URL is not set: it says where the simulator with the Redis store answers'

/** SNS/SQS: the simulator with its queues in Redis. */
export const redis = defineBroker({
  ...snsSqs,
  name: 'redis',
  label: 'Redis',
  engines: ['redis', 'sns-sqs'],
  env: { ...awsEnvironment, SNS_SQS_REDIS_ENDPOINT_URL: text },
  address: {
    ...{ variable: 'SNS_SQS_REDIS_ENDPOINT_URL', form: 'url', missing },
    own: { port: 'sns-sqs-redis', at: (port) => `http://127.0.0.1:${port}` },
  },
  options(settings) {
    if (settings.SNS_SQS_REDIS_ENDPOINT_URL === undefined) throw new Error(missing)
    return simulatorOptions(settings.SNS_SQS_REDIS_ENDPOINT_URL, settings)
  },
  words: { ...snsSqs.words, hint: 'SNS/SQS on Redis', store: 'Redis' },
})
