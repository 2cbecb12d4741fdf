import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { serverUnderTest } from './server.fixture.ts'

const server = serverUnderTest()
const { newQueue, receive } = server

describe('SNS through the AWS SDK', () => {
  async function topicWith(queues: Record<string, Record<string, string>>) {
    const { TopicArn = '' } = await server.sns.send(new CreateTopicCommand({ Name: 'events' }))
    const made: Record<string, string> = {}
    const subscriptions: string[] = []
    for (const [name, Attributes] of Object.entries(queues)) {
      const { url, arn } = await newQueue(name)
      const { SubscriptionArn = '' } = await server.sns.send(
        new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes }),
      )
      made[name] = url
      subscriptions.push(SubscriptionArn)
    }
    return { TopicArn, urls: made, subscriptions }
  }
  const typed = (type: string) => ({ ce_type: { DataType: 'String', StringValue: type } })

  test('raw delivery passes body and attributes on as they are, and filters by attribute', async () => {
    const FilterPolicy = JSON.stringify({ ce_type: ['order_placed', { prefix: 'pay' }] })
    const { TopicArn, urls } = await topicWith({
      all: { RawMessageDelivery: 'true' },
      some: { RawMessageDelivery: 'true', FilterPolicy },
    })
    const { Successful } = await server.sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: '{"text": "a+b & c=d%20 ünï"}', MessageAttributes: typed('order_placed') },
          { Id: 'b', Message: 'b', MessageAttributes: typed('user_signup') },
          { Id: 'c', Message: 'c', MessageAttributes: typed('payment_failed') },
        ],
      }),
    )
    expect(Successful).toHaveLength(3)
    const all = await receive(urls.all ?? '', { MessageAttributeNames: ['All'] })
    expect(all.map(({ Body }) => Body)).toEqual(['{"text": "a+b & c=d%20 ünï"}', 'b', 'c'])
    expect(all[0]?.MessageAttributes?.ce_type?.StringValue).toBe('order_placed')
    expect(all.map(({ MessageId }) => MessageId)).toEqual(Successful?.map(({ MessageId }) => MessageId))
    expect((await receive(urls.some ?? '')).map(({ Body }) => Body?.at(0))).toEqual(['{', 'c'])
  })

  test('without raw delivery the message comes in an envelope', async () => {
    const { TopicArn, urls } = await topicWith({ all: {} })
    const { MessageId } = await server.sns.send(
      new PublishCommand({ TopicArn, Message: 'hello', Subject: 'greeting', MessageAttributes: typed('x') }),
    )
    const [received] = await receive(urls.all ?? '')
    expect(JSON.parse(received?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'greeting',
      Message: 'hello',
      MessageAttributes: { ce_type: { Type: 'String', Value: 'x' } },
    })
  })

  test('subscriptions are listed, changed, taken away; subscribing twice is one subscription', async () => {
    const { TopicArn, urls, subscriptions } = await topicWith({ all: { RawMessageDelivery: 'true' } })
    const [SubscriptionArn = ''] = subscriptions
    const arn = `arn:aws:sqs:us-east-1:123456789012:all`
    const again = await server.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn }))
    expect(again.SubscriptionArn).toBe(SubscriptionArn)
    const set = (AttributeName: string, AttributeValue: string) =>
      server.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
    await set('FilterPolicy', '{"ce_type":["never"]}')
    const { Attributes } = await server.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    expect(Attributes).toMatchObject({ RawMessageDelivery: 'true', FilterPolicy: '{"ce_type":["never"]}' })
    await server.sns.send(new PublishCommand({ TopicArn, Message: 'filtered out' }))
    await set('FilterPolicy', '')
    await server.sns.send(new PublishCommand({ TopicArn, Message: 'comes' }))
    expect((await receive(urls.all ?? '')).map(({ Body }) => Body)).toEqual(['comes'])
    await server.sns.send(new UnsubscribeCommand({ SubscriptionArn }))
    expect((await server.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? []).toEqual([])
  })

  test('errors are recognised by the SDK', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:123456789012:none'
    const failing: [Promise<unknown>, string][] = [
      [server.sns.send(new PublishCommand({ TopicArn, Message: 'x' })), 'NotFoundException'],
      [server.sns.send(new CreateTopicCommand({ Name: 'x y' })), 'InvalidParameterException'],
      [server.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [] })), 'NotFoundException'],
    ]
    for (const [call, name] of failing) await expect(call).rejects.toMatchObject({ name })
    const { TopicArn: real } = await server.sns.send(new CreateTopicCommand({ Name: 'real' }))
    const Message = 'x'.repeat(262_145)
    await expect(server.sns.send(new PublishCommand({ TopicArn: real, Message }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    await expect(
      server.sns.send(new PublishBatchCommand({ TopicArn: real, PublishBatchRequestEntries: [] })),
    ).rejects.toMatchObject({ name: 'EmptyBatchRequestException' })
  })
})

describe('the port itself', () => {
  test('peek reads without touching receive counts; reset empties', async () => {
    const { url } = await newQueue('orders')
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))
    const peek = async () => (await fetch(`${server.simulator.url}/_faultline/queues/orders/messages?limit=5`)).json()
    await peek()
    expect(await peek()).toMatchObject({ counts: { visible: 1 }, messages: [{ body: 'x', receiveCount: 0 }] })
    await fetch(`${server.simulator.url}/moto-api/reset`, { method: 'POST' })
    expect(await (await fetch(`${server.simulator.url}/_faultline/health`)).json()).toMatchObject({
      status: 'ok',
      queues: 0,
    })
  })

  test('requests from web pages and for public host names are refused', async () => {
    const url = `${server.simulator.url}/moto-api/reset`
    const foreign = await fetch(url, { method: 'POST', headers: { Origin: 'http://evil.example' } })
    expect(foreign.status).toBe(403)
    const { request } = await import('node:http')
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      const options = { method: 'POST', headers: { Host: 'evil.example' } }
      request(url, options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(rebound).toBe(403)
  })

  test('an unknown action, broken JSON and a body that is too large are answered as AWS errors', async () => {
    const post = (target: string, body: string) =>
      fetch(server.simulator.url, { method: 'POST', headers: { 'X-Amz-Target': target }, body })
    const unknown = await post('AmazonSQS.Nothing', '{}')
    expect([unknown.status, unknown.headers.get('x-amzn-query-error')]).toEqual([400, 'InvalidAction;Sender'])
    expect((await post('AmazonSQS.SendMessage', '{')).status).toBe(400)
    expect((await post('AmazonSQS.SendMessage', ' '.repeat(4_194_305))).status).toBe(413)
    const query = await fetch(server.simulator.url, { method: 'POST', body: 'Action=Nothing' })
    expect(await query.text()).toContain('<Code>InvalidAction</Code>')
  })
})
