import { SNSClient } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach } from 'vitest'
import { type Simulator, startSimulator } from './server.ts'

/** For the tests of one file: a simulator in memory for each test with AWS's own clients, and the calls that the tests share. */
export function serverUnderTest() {
  let simulator: Simulator
  let sqs: SQSClient
  let sns: SNSClient

  beforeEach(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
    const settings = {
      endpoint: simulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    }
    sqs = new SQSClient(settings)
    sns = new SNSClient(settings)
  })

  afterEach(async () => {
    sqs.destroy()
    sns.destroy()
    await simulator.close()
  })

  async function newQueue(
    name: string,
    attributes: Record<string, string> = {},
  ): Promise<{ url: string; arn: string }> {
    const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    )
    return { url, arn: Attributes?.QueueArn ?? '' }
  }

  const receive = async (QueueUrl: string, more: object = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? []

  async function attribute(QueueUrl: string, name: QueueAttributeName): Promise<string | undefined> {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    return Attributes?.[name]
  }

  return {
    get simulator() {
      return simulator
    },
    get sqs() {
      return sqs
    },
    get sns() {
      return sns
    },
    newQueue,
    receive,
    attribute,
  }
}
