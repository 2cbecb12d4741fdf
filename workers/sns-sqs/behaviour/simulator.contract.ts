import { SNSClient } from '@aws-sdk/client-sns'
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Simulator, type SimulatorOptions, startSimulator } from '../server.ts'

/** A simulator with AWS's own clients in front of it, for one test. */
export interface TestSimulator extends Simulator {
  sqs: SQSClient
  sns: SNSClient
  /** URL and ARN of a new queue. */
  newQueue(name: string, attributes?: Record<string, string>): Promise<{ url: string; arn: string }>
  /** Up to ten messages, with everything that can be asked for. */
  receive(QueueUrl: string, more?: object): Promise<ReceivedMessage[]>
  attributesOf(QueueUrl: string): Promise<Record<string, string>>
  /** Sends a form, answers with status and text. */
  form(
    fields: Record<string, string>,
    path?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>
  /** Moves the simulator's clock. */
  advance(advanceMs: number): Promise<void>
}

interface ReceivedMessage {
  Body?: string
  MessageId?: string
  ReceiptHandle?: string
  Attributes?: Record<string, string>
  MessageAttributes?: Record<string, { StringValue?: string; DataType?: string }>
}

export const clientSettings = (endpoint: string, accessKeyId = 'test', region = 'us-east-1') => ({
  endpoint,
  region,
  credentials: { accessKeyId, secretAccessKey: 'test' },
  maxAttempts: 1,
})

export async function testSimulator(options: Partial<SimulatorOptions> = {}): Promise<TestSimulator> {
  const simulator = await startSimulator({ port: 0, host: '127.0.0.1', ...options })
  const sqs = new SQSClient(clientSettings(simulator.url))
  const sns = new SNSClient(clientSettings(simulator.url))
  const attributesOf = async (QueueUrl: string) => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    return Attributes as Record<string, string>
  }
  return {
    ...simulator,
    sqs,
    sns,
    attributesOf,
    async newQueue(QueueName, Attributes = {}) {
      const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
      return { url, arn: (await attributesOf(url)).QueueArn ?? '' }
    },
    async receive(QueueUrl, more = {}) {
      const all = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] }
      const wanted = { QueueUrl, MaxNumberOfMessages: 10, ...all, ...more }
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(wanted))
      return Messages as ReceivedMessage[]
    },
    async form(fields, path = '/', headers = {}) {
      const answer = await fetch(`${simulator.url}${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers,
      })
      return { status: answer.status, text: await answer.text() }
    },
    async advance(advanceMs) {
      await fetch(`${simulator.url}/_faultline/clock`, { method: 'POST', body: JSON.stringify({ advanceMs }) })
    },
    async close() {
      sqs.destroy()
      sns.destroy()
      await simulator.close()
    },
  }
}
