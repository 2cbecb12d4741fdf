import { flag, text } from '../environment.ts'
import { defineBroker } from './define-broker.ts'
import { awsEnvironment, simulatorOptions, snsSqs } from './sns-sqs.ts'

/** SNS/SQS: the simulator with its queues in memory, another endpoint, or AWS itself where that was asked for (docs/adr/0007-aws-opt-in.md). */
export const local = defineBroker({
  ...snsSqs,
  name: 'local',
  label: 'Local',
  engines: ['sns-sqs'],
  env: { ...awsEnvironment, AWS_ENDPOINT_URL: text, SNS_SQS_CLOUD: flag },
  address: {
    variable: 'AWS_ENDPOINT_URL',
    form: 'url',
    missing: 'AWS_ENDPOINT_URL is not set: it says where the simulator with the memory store answers',
    otherwise: ({ AWS_REGION }) => ['sns', 'sqs'].map((api) => `https://${api}.${AWS_REGION}.amazonaws.com`),
    own: { port: 'sns-sqs', at: (port) => `http://127.0.0.1:${port}` },
  },
  options(settings) {
    const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, SNS_SQS_CLOUD: cloud } = settings
    if (endpoint !== undefined) return simulatorOptions(endpoint, settings)
    if (cloud) return { region }
    throw new Error(
      'AWS_ENDPOINT_URL is not set, and without it queues would be made in the AWS cloud. Set it to where the simulator ' +
        'answers, or set SNS_SQS_CLOUD=1 to use the account of your AWS credentials',
    )
  },
  words: { ...snsSqs.words, hint: 'SNS/SQS in memory', store: 'memory' },
})
