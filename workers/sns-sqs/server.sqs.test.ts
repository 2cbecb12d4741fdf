import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { serverUnderTest } from './server.fixture.ts'

const server = serverUnderTest()
const { newQueue, receive, attribute } = server

describe('SQS through the AWS SDK', () => {
  test('a message is sent, received with its attributes, and deleted', async () => {
    const { url } = await newQueue('orders')
    const sent = await server.sqs.send(
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
    await server.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }))
    expect(await attribute(url, 'ApproximateNumberOfMessagesNotVisible')).toBe('0')
  })

  test('no attribute asked for: none returned, and no MD5 of them', async () => {
    const { url } = await newQueue('orders')
    const MessageAttributes = {
      'a.b': { DataType: 'String', StringValue: '1' },
      c: { DataType: 'String', StringValue: '2' },
    }
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes }))
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
    const { MD5OfMessageAttributes } = await server.sqs.send(
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
    const answer = await server.sqs.send(
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
    const deleted = await server.sqs.send(
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
    await expect(server.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))).rejects.toMatchObject({
      name,
    })
  })

  test('a batch over 1 MiB is refused whole, a message of exactly 1 MiB is taken', async () => {
    const { url } = await newQueue('orders')
    const half = 'x'.repeat(600_000)
    const Entries = [
      { Id: 'a', MessageBody: half },
      { Id: 'b', MessageBody: half },
    ]
    await expect(server.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
    })
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(1_048_576) }))
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('1')
  })

  test('errors are recognised by the SDK', async () => {
    const url = `${server.simulator.url}/123456789012/none`
    const failing: [Promise<unknown>, string][] = [
      [receive(url), 'QueueDoesNotExist'],
      [server.sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })), 'QueueDoesNotExist'],
      [server.sqs.send(new CreateQueueCommand({ QueueName: 'a.fifo' })), 'InvalidParameterValue'],
      [
        server.sqs.send(new CreateQueueCommand({ QueueName: 'a', Attributes: { DelaySeconds: '-1' } })),
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
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }))
    const early = await Promise.race([first, second])
    expect(early.map(({ Body }) => Body)).toEqual(['one'])
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'two' }))
    const bodies = (await Promise.all([first, second])).flat().map(({ Body }) => Body)
    expect(bodies.sort()).toEqual(['one', 'two'])
  })

  test('a long poll sees a delayed message and one whose visibility ends', async () => {
    const { url } = await newQueue('orders')
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'later', DelaySeconds: 3 }))
    expect(await attribute(url, 'ApproximateNumberOfMessagesDelayed')).toBe('1')
    const [delayed] = await receive(url, { WaitTimeSeconds: 20, VisibilityTimeout: 1 })
    expect(delayed?.Body).toBe('later')
    const [again] = await receive(url, {
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    })
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2')
    const waiting = receive(url, { WaitTimeSeconds: 20 })
    await server.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 }),
    )
    expect((await waiting).map(({ Body }) => Body)).toEqual(['later'])
  })

  test('a waiter whose client went away takes no message', async () => {
    const { url } = await newQueue('orders')
    const impatient = new AbortController()
    const waiting = server.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
      abortSignal: impatient.signal,
    })
    const ended = expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    impatient.abort()
    await ended
    const [second] = await Promise.all([
      receive(url, { WaitTimeSeconds: 20 }),
      server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'kept' })),
    ])
    expect(second.map(({ Body }) => Body)).toEqual(['kept'])
  })

  test('past maxReceiveCount a message moves to the dead-letter queue at the next receive', async () => {
    const dead = await newQueue('dead')
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 })
    const { url, arn } = await newQueue('orders', { RedrivePolicy })
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }))
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
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))
    await server.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('0')
    await expect(server.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
      $metadata: { httpStatusCode: 403 },
    })
    const listed = await server.sqs.send(new ListQueuesCommand({ MaxResults: 1 }))
    expect(listed.QueueUrls).toEqual([url])
    const rest = await server.sqs.send(new ListQueuesCommand({ MaxResults: 1, NextToken: listed.NextToken }))
    expect(rest.QueueUrls).toEqual([`${server.simulator.url}/123456789012/other`])
    await server.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
    await expect(receive(url)).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
  })

  test('attributes change while messages stay', async () => {
    const { url } = await newQueue('orders')
    await server.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))
    await server.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } }))
    expect(await attribute(url, 'VisibilityTimeout')).toBe('7')
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('1')
  })
})
