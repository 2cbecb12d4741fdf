import { Agent } from 'node:http'
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns'
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { packedHeaders, unpackedHeaders } from '#contracts/events/attribute-room.ts'
import { type Envelope, envelopeOf, headersOf } from '#contracts/events/envelope.ts'
import { bareQueueUrl, bareTopicArn } from './names.ts'
import type { BarePipe } from './pipe.ts'

const publishesInFlight = 100
const polls = 4

/** The AWS SDK in a loop: batches of ten, long polls, deletes in batches. */
export function sqsPipe(endpoint: string): BarePipe {
  const clientOptions = {
    region: 'us-east-1',
    endpoint,
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 200 }) },
  }
  let client: SNSClient | undefined
  return {
    async publish(envelopes) {
      const topic = envelopes[0]?.topic
      if (topic === undefined) return
      client ??= new SNSClient(clientOptions)
      const sns = client
      const waiting = envelopes.map((envelope, index) => ({
        Id: String(index),
        Message: envelope.body,
        MessageAttributes: Object.fromEntries(
          Object.entries(packedHeaders(headersOf(envelope))).map(([name, value]) => [
            name,
            { DataType: 'String', StringValue: value },
          ]),
        ),
      }))
      const lane = async (): Promise<void> => {
        while (waiting.length > 0) {
          const entries = waiting.splice(0, 10)
          await sns.send(
            new PublishBatchCommand({ TopicArn: bareTopicArn(topic), PublishBatchRequestEntries: entries }),
          )
        }
      }
      await Promise.all(Array.from({ length: publishesInFlight }, lane))
    },
    async consume({ topic, group, lanes, batchSize }, handle) {
      const sqs = new SQSClient(clientOptions)
      const url = bareQueueUrl(endpoint, group)
      const waiting: Message[] = []
      let busy = 0
      const drain = async (): Promise<void> => {
        if (busy >= lanes || waiting.length === 0) return
        busy += 1
        const batch = waiting.splice(0, batchSize)
        await handle(batch.map((message) => envelopeIn(topic, message)))
        for (let from = 0; from < batch.length; from += 10) {
          const entries = batch
            .slice(from, from + 10)
            .map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle ?? '' }))
          await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }))
        }
        busy -= 1
        await drain()
      }
      const poll = async (): Promise<void> => {
        for (;;) {
          const { Messages = [] } = await sqs.send(
            new ReceiveMessageCommand({
              ...{ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] },
            }),
          )
          waiting.push(...Messages)
          void drain()
          while (waiting.length > batchSize * lanes) await new Promise(setImmediate)
        }
      }
      await Promise.all(Array.from({ length: polls }, poll))
    },
  }
}

function envelopeIn(topic: string, message: Message): Envelope {
  const headers = Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, value.StringValue ?? '']),
  )
  const envelope = envelopeOf(topic, unpackedHeaders(headers), message.Body ?? '')
  if (envelope === undefined) throw new Error('a message of the bare loop came back as another')
  return envelope
}
