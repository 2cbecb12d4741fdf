import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from './server.ts'

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

async function newQueue(name: string, attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }))
  return { url, arn: Attributes?.QueueArn ?? '' }
}

const receive = async (QueueUrl: string, more: object = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? []

async function attribute(QueueUrl: string, name: QueueAttributeName): Promise<string | undefined> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  return Attributes?.[name]
}

describe('SQS through the AWS SDK', () => {
  test('a message is sent, received with its attributes, and deleted', async () => {
    const { url } = await newQueue('orders')
    const sent = await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'naïve 🙂 "quoted" <&>\n',
        MessageAttributes: {
          type: { DataType: 'String', StringValue: 'order_placed' },
          size: { DataType: 'Number', StringValue: '42' },
          blob: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
        },
      }),
    )
    const [message] = await receive(url, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] })
    expect(message?.MessageId).toBe(sent.MessageId)
    expect(message?.Body).toBe('naïve 🙂 "quoted" <&>\n')
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes)
    expect(message?.MessageAttributes?.blob?.BinaryValue).toEqual(new Uint8Array([1, 2, 255]))
    expect(message?.Attributes?.ApproximateReceiveCount).toBe('1')
    expect(await attribute(url, 'ApproximateNumberOfMessagesNotVisible')).toBe('1')
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }))
    expect(await attribute(url, 'ApproximateNumberOfMessagesNotVisible')).toBe('0')
  })

  test('no attribute asked for: none returned, and no MD5 of them', async () => {
    const { url } = await newQueue('orders')
    const MessageAttributes = {
      'a.b': { DataType: 'String', StringValue: '1' },
      c: { DataType: 'String', StringValue: '2' },
    }
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes }))
    const [bare] = await receive(url, { VisibilityTimeout: 0 })
    expect(bare?.MessageAttributes).toBeUndefined()
    expect(bare?.MD5OfMessageAttributes).toBeUndefined()
    const [some] = await receive(url, { MessageAttributeNames: ['a.*'] })
    expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['a.b'])
    expect(some?.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/)
  })

  test('the MD5 of attributes is the one that AWS documents', async () => {
    const { url } = await newQueue('orders')
    // Computed by hand from the documented layout: lengths, name, type, 1, value.
    const layout = Buffer.concat([
      Buffer.from([0, 0, 0, 1]),
      Buffer.from('a'),
      Buffer.from([0, 0, 0, 6]),
      Buffer.from('String'),
      Buffer.from([1, 0, 0, 0, 2]),
      Buffer.from('hi'),
    ])
    const { createHash } = await import('node:crypto')
    const { MD5OfMessageAttributes } = await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'x',
        MessageAttributes: { a: { DataType: 'String', StringValue: 'hi' } },
      }),
    )
    expect(MD5OfMessageAttributes).toBe(createHash('md5').update(layout).digest('hex'))
  })

  test('batches: good entries succeed beside bad ones', async () => {
    const { url } = await newQueue('orders')
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
          { Id: 'c', MessageBody: 'bad\u0000' },
        ],
      }),
    )
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['a'])
    expect(answer.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
      ['b', 'InvalidParameterValue', true],
      ['c', 'InvalidMessageContents', true],
    ])
    const [message] = await receive(url)
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'x', ReceiptHandle: message?.ReceiptHandle },
          { Id: 'y', ReceiptHandle: 'made up' },
        ],
      }),
    )
    expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(['x'])
    expect(deleted.Failed?.[0]).toMatchObject({ Id: 'y', Code: 'ReceiptHandleIsInvalid' })
  })

  test.each([
    [[], 'EmptyBatchRequest'],
    [Array.from({ length: 11 }, (_, n) => `m${n}`), 'TooManyEntriesInBatchRequest'],
    [['a', 'a'], 'BatchEntryIdsNotDistinct'],
    [['no spaces'], 'InvalidBatchEntryId'],
  ])('a batch with the ids %j is refused as %s', async (ids, name) => {
    const { url } = await newQueue('orders')
    const Entries = ids.map((Id) => ({ Id, MessageBody: 'x' }))
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))).rejects.toMatchObject({ name })
  })

  test('a batch over 1 MiB is refused whole, a message of exactly 1 MiB is taken', async () => {
    const { url } = await newQueue('orders')
    const half = 'x'.repeat(600_000)
    const Entries = [
      { Id: 'a', MessageBody: half },
      { Id: 'b', MessageBody: half },
    ]
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
    })
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(1_048_576) }))
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('1')
  })

  test('errors are recognised by the SDK', async () => {
    const url = `${simulator.url}/123456789012/none`
    const failing: [Promise<unknown>, string][] = [
      [receive(url), 'QueueDoesNotExist'],
      [sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })), 'QueueDoesNotExist'],
      [sqs.send(new CreateQueueCommand({ QueueName: 'a.fifo' })), 'InvalidParameterValue'],
      [
        sqs.send(new CreateQueueCommand({ QueueName: 'a', Attributes: { DelaySeconds: '-1' } })),
        'InvalidAttributeValue',
      ],
    ]
    for (const [call, name] of failing) await expect(call).rejects.toMatchObject({ name })
    await newQueue('orders', { VisibilityTimeout: '5' })
    await expect(newQueue('orders', { VisibilityTimeout: '6' })).rejects.toMatchObject({ name: 'QueueNameExists' })
    await newQueue('orders')
  })

  test('a long poll is answered by the first message, and one of two waiters keeps waiting', async () => {
    const { url } = await newQueue('orders')
    const first = receive(url, { WaitTimeSeconds: 20 })
    const second = receive(url, { WaitTimeSeconds: 20 })
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }))
    const early = await Promise.race([first, second])
    expect(early.map(({ Body }) => Body)).toEqual(['one'])
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'two' }))
    const bodies = (await Promise.all([first, second])).flat().map(({ Body }) => Body)
    expect(bodies.sort()).toEqual(['one', 'two'])
  })

  test('a long poll sees a delayed message and one whose visibility ends', async () => {
    const { url } = await newQueue('orders')
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'later', DelaySeconds: 1 }))
    expect(await attribute(url, 'ApproximateNumberOfMessagesDelayed')).toBe('1')
    const [delayed] = await receive(url, { WaitTimeSeconds: 20, VisibilityTimeout: 1 })
    expect(delayed?.Body).toBe('later')
    const [again] = await receive(url, {
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    })
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2')
    const waiting = receive(url, { WaitTimeSeconds: 20 })
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 }),
    )
    expect((await waiting).map(({ Body }) => Body)).toEqual(['later'])
  })

  test('a waiter whose client went away takes no message', async () => {
    const { url } = await newQueue('orders')
    const impatient = new AbortController()
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
      abortSignal: impatient.signal,
    })
    const ended = expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    impatient.abort()
    await ended
    const [second] = await Promise.all([
      receive(url, { WaitTimeSeconds: 20 }),
      sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'kept' })),
    ])
    expect(second.map(({ Body }) => Body)).toEqual(['kept'])
  })

  test('past maxReceiveCount a message moves to the dead-letter queue at the next receive', async () => {
    const dead = await newQueue('dead')
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 })
    const { url, arn } = await newQueue('orders', { RedrivePolicy })
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }))
    expect(await receive(url, { VisibilityTimeout: 0 })).toHaveLength(1)
    expect(await receive(url, { VisibilityTimeout: 0 })).toHaveLength(1)
    expect(await attribute(dead.url, 'ApproximateNumberOfMessages')).toBe('0')
    expect(await receive(url)).toHaveLength(0)
    const [moved] = await receive(dead.url, { MessageSystemAttributeNames: ['All'] })
    expect(moved?.Body).toBe('poison')
    expect(moved?.Attributes?.DeadLetterQueueSourceArn).toBe(arn)
  })

  test('purge empties, once a minute; delete removes; list lists', async () => {
    const { url } = await newQueue('orders')
    await newQueue('other')
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('0')
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
      $metadata: { httpStatusCode: 403 },
    })
    const listed = await sqs.send(new ListQueuesCommand({ MaxResults: 1 }))
    expect(listed.QueueUrls).toEqual([url])
    const rest = await sqs.send(new ListQueuesCommand({ MaxResults: 1, NextToken: listed.NextToken }))
    expect(rest.QueueUrls).toEqual([`${simulator.url}/123456789012/other`])
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
    await expect(receive(url)).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
  })

  test('attributes change while messages stay', async () => {
    const { url } = await newQueue('orders')
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } }))
    expect(await attribute(url, 'VisibilityTimeout')).toBe('7')
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('1')
  })
})

describe('SNS through the AWS SDK', () => {
  async function topicWith(queues: Record<string, Record<string, string>>) {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'events' }))
    const made: Record<string, string> = {}
    const subscriptions: string[] = []
    for (const [name, Attributes] of Object.entries(queues)) {
      const { url, arn } = await newQueue(name)
      const { SubscriptionArn = '' } = await sns.send(
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
    const { Successful } = await sns.send(
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
    const { MessageId } = await sns.send(
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
    const again = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn }))
    expect(again.SubscriptionArn).toBe(SubscriptionArn)
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
    await set('FilterPolicy', '{"ce_type":["never"]}')
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    expect(Attributes).toMatchObject({ RawMessageDelivery: 'true', FilterPolicy: '{"ce_type":["never"]}' })
    await sns.send(new PublishCommand({ TopicArn, Message: 'filtered out' }))
    await set('FilterPolicy', '')
    await sns.send(new PublishCommand({ TopicArn, Message: 'comes' }))
    expect((await receive(urls.all ?? '')).map(({ Body }) => Body)).toEqual(['comes'])
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }))
    expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? []).toEqual([])
  })

  test('errors are recognised by the SDK', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:123456789012:none'
    const failing: [Promise<unknown>, string][] = [
      [sns.send(new PublishCommand({ TopicArn, Message: 'x' })), 'NotFoundException'],
      [sns.send(new CreateTopicCommand({ Name: 'x y' })), 'InvalidParameterException'],
      [sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [] })), 'NotFoundException'],
    ]
    for (const [call, name] of failing) await expect(call).rejects.toMatchObject({ name })
    const { TopicArn: real } = await sns.send(new CreateTopicCommand({ Name: 'real' }))
    const Message = 'x'.repeat(262_145)
    await expect(sns.send(new PublishCommand({ TopicArn: real, Message }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    await expect(
      sns.send(new PublishBatchCommand({ TopicArn: real, PublishBatchRequestEntries: [] })),
    ).rejects.toMatchObject({ name: 'EmptyBatchRequestException' })
  })
})

describe('the port itself', () => {
  test('peek reads without touching receive counts; reset empties', async () => {
    const { url } = await newQueue('orders')
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))
    const peek = async () => (await fetch(`${simulator.url}/_faultline/queues/orders/messages?limit=5`)).json()
    await peek()
    expect(await peek()).toMatchObject({ counts: { visible: 1 }, messages: [{ body: 'x', receiveCount: 0 }] })
    await fetch(`${simulator.url}/moto-api/reset`, { method: 'POST' })
    expect(await (await fetch(`${simulator.url}/_faultline/health`)).json()).toMatchObject({ status: 'ok', queues: 0 })
  })

  test('requests from web pages and for public host names are refused', async () => {
    const url = `${simulator.url}/moto-api/reset`
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
      fetch(simulator.url, { method: 'POST', headers: { 'X-Amz-Target': target }, body })
    const unknown = await post('AmazonSQS.Nothing', '{}')
    expect([unknown.status, unknown.headers.get('x-amzn-query-error')]).toEqual([400, 'InvalidAction;Sender'])
    expect((await post('AmazonSQS.SendMessage', '{')).status).toBe(400)
    expect((await post('AmazonSQS.SendMessage', ' '.repeat(4_194_305))).status).toBe(413)
    const query = await fetch(simulator.url, { method: 'POST', body: 'Action=Nothing' })
    expect(await query.text()).toContain('<Code>InvalidAction</Code>')
  })
})
