import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import type { Victims } from './crash.contract.ts'

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
const patience = { timeout: 60_000, interval: 50 }

/** What outlives a kill of the simulator beside messages, deduplication ids and move tasks. Round 0 of `victims` kills all simulators. */
export function survivalContract(name: string, victims: () => Victims): void {
  describe(`${name}, killed between two requests`, { timeout: 180_000 }, () => {
    const clients = () => {
      const { publishAt, consumeAt } = victims()
      return {
        sns: new SNSClient({ ...settings, endpoint: publishAt }),
        sqs: new SQSClient({ ...settings, endpoint: consumeAt }),
        url: (queue: string) => `${consumeAt}/123456789012/${queue}`,
        advance: (advanceMs: number) =>
          fetch(`${publishAt}/_faultline/clock`, { method: 'POST', body: JSON.stringify({ advanceMs }) }),
      }
    }
    const killAndStart = async () => {
      await victims().kill(0)
      await victims().start()
    }

    test('S14 a receive is repeated with its attempt id', async () => {
      await victims().start()
      const { sqs, url } = clients()
      const QueueUrl = url('attempts.fifo')
      await sqs.send(new CreateQueueCommand({ QueueName: 'attempts.fifo', Attributes: { FifoQueue: 'true' } }))
      for (const body of ['1', '2']) {
        const ids = { MessageGroupId: 'g', MessageDeduplicationId: body }
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...ids }))
      }
      const receive = async () => {
        const asked = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600, ReceiveRequestAttemptId: 'a' }
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked))
        return Messages.map(({ Body, ReceiptHandle }) => [Body, ReceiptHandle])
      }
      const first = await receive()
      expect(first.map(([body]) => body)).toEqual(['1', '2'])
      await killAndStart()
      expect(await receive()).toEqual(first)
    })

    test('S35 an HTTP endpoint that failed is called again by its retry policy', async () => {
      await victims().start()
      const { sns, advance } = clients()
      const received: { type: unknown; body: string }[] = []
      let works = false
      const endpoint = createServer((request, response) => {
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          const type = request.headers['x-amz-sns-message-type']
          received.push({ type, body })
          response.writeHead(type === 'Notification' && !works ? 500 : 200).end()
        })
      })
      await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
      const notified = () => received.filter(({ type }) => type === 'Notification').map(({ body }) => JSON.parse(body))
      try {
        const Endpoint = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`
        const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'hooks' }))
        const healthyRetryPolicy = { numRetries: 3, minDelayTarget: 600, maxDelayTarget: 600 }
        const Attributes = { DeliveryPolicy: JSON.stringify({ healthyRetryPolicy }) }
        await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint, Attributes }))
        await expect.poll(() => received.length, patience).toBeGreaterThan(0)
        await fetch(JSON.parse(received[0]?.body ?? '{}').SubscribeURL)
        const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'kept' }))
        await expect.poll(() => notified().length, patience).toBe(1)
        await killAndStart()
        works = true
        // The attempt that the kill broke off, if any, has its time first; the endpoint is called once the delay is over.
        await advance(700_000)
        await expect.poll(() => notified().length, patience).toBe(2)
        expect(notified()[1]).toMatchObject({ Message: 'kept', MessageId })
        const shown = async () => {
          const answer = await fetch(`${victims().publishAt}/_faultline/sns/deliveries?limit=1`)
          return (await answer.json()).deliveries[0]
        }
        const delivered = { messageId: MessageId, status: 'delivered', attempts: 2 }
        await expect.poll(shown, patience).toMatchObject(delivered)
      } finally {
        endpoint.closeAllConnections()
        endpoint.close()
      }
    })
  })
}
