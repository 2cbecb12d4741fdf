import { createServer } from 'node:http'
import { PublishBatchCommand } from '@aws-sdk/client-sns'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { provablyNotSent } from './aws-error.ts'
import { type Clients, openClients } from './clients.ts'

const server = createServer((request) => request.socket.destroy())
let requests = 0
let clients: Clients
server.on('request', () => {
  requests += 1
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  clients = openClients({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', connectTimeoutMs: 1_000, requestTimeoutMs: 1_000 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
})
afterAll(() => {
  clients.close()
  server.close()
})

const failure = (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => undefined,
    (error: unknown) => error,
  )
const publish = (StringValue: string) =>
  clients.sns.send(
    new PublishBatchCommand({
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:t',
      PublishBatchRequestEntries: [
        { Id: '0', Message: '{}', MessageAttributes: { a: { DataType: 'String', StringValue } } },
      ],
    }),
  )

test('a request that cannot be encoded has provably not left', async () => {
  const error = await failure(publish('a\ud83d'))
  expect(error).toBeInstanceOf(URIError)
  expect(provablyNotSent(error)).toBe(true)
  expect(requests).toBe(0)
})

test('a request that was handed to the network may have arrived', async () => {
  for (const request of [publish('a'), clients.sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'x' }))]) {
    expect(provablyNotSent(await failure(request))).toBe(false)
  }
  expect(requests).toBeGreaterThanOrEqual(1)
})
