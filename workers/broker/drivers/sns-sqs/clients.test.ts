import { PublishCommand } from '@aws-sdk/client-sns'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, expect, test, vi } from 'vitest'
import { openClients } from './clients.ts'

afterEach(() => vi.unstubAllEnvs())

class NotSent extends Error {}

/** What would go out: the request as it is when nothing but the connection is missing. */
async function requests(endpoint?: string) {
  const clients = openClients({ endpoint, region: 'eu-west-1', connectTimeoutMs: 100, requestTimeoutMs: 100 })
  const sent: { hostname: string; protocol: string; headers: Record<string, string> }[] = []
  const capture = () => async (args: { request: unknown }) => {
    sent.push(args.request as (typeof sent)[number])
    throw new NotSent()
  }
  clients.sns.middlewareStack.add(capture as never, { step: 'finalizeRequest', priority: 'low' })
  clients.sqs.middlewareStack.add(capture as never, { step: 'finalizeRequest', priority: 'low' })
  const account = '123456789012'
  const publish = new PublishCommand({ TopicArn: `arn:aws:sns:eu-west-1:${account}:order_placed`, Message: '{}' })
  await expect(clients.sns.send(publish)).rejects.toThrow(NotSent)
  const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${account}/consumer-db`
  await expect(clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }))).rejects.toThrow(NotSent)
  clients.close()
  return sent
}

test('without an endpoint, requests are signed with the credentials of the environment and go to the cloud', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  const [sns, sqs] = await requests()
  expect([sns?.protocol, sns?.hostname]).toEqual(['https:', 'sns.eu-west-1.amazonaws.com'])
  expect(sqs?.hostname).toBe('sqs.eu-west-1.amazonaws.com')
  for (const [request, service] of [
    [sns, 'sns'],
    [sqs, 'sqs'],
  ] as const) {
    expect(request?.headers.authorization).toMatch(
      new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/\\d{8}/eu-west-1/${service}/aws4_request, SignedHeaders=`),
    )
  }
})

test('with an endpoint, requests go there', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  const [sns] = await requests('http://127.0.0.1:4100')
  expect([sns?.protocol, sns?.hostname]).toEqual(['http:', '127.0.0.1'])
})
