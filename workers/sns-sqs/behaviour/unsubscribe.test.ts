import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryStore } from '../stores/memory.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator
beforeEach(async () => {
  simulator = await testSimulator({ store: ({ now }) => memoryStore({ clock: now, maximumRetained: 40_000 }) })
})
afterEach(() => simulator.close())

test('S41 a subscription ends also where the store has no room for telling its endpoint', async () => {
  const { TopicArn } = await simulator.sns.send(new CreateTopicCommand({ Name: 't' }))
  const endpoint = { Protocol: 'http', Endpoint: 'http://127.0.0.1:9/hook' }
  const { SubscriptionArn } = await simulator.sns.send(
    new SubscribeCommand({ TopicArn, ...endpoint, ReturnSubscriptionArn: true }),
  )
  const { deliveries } = await (await fetch(`${simulator.url}/_faultline/sns/deliveries`)).json()
  const { Token } = JSON.parse(deliveries[0].message)
  await simulator.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  const { url: QueueUrl } = await simulator.newQueue('q')
  const fill = async () => {
    for (;;) await simulator.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  }
  await expect(fill()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
  await simulator.sns.send(new UnsubscribeCommand({ SubscriptionArn }))
  const { Subscriptions } = await simulator.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  expect(Subscriptions ?? []).toEqual([])
})
