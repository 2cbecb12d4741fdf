import {
  AddPermissionCommand,
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clientSettings, type TestSimulator } from './simulator.contract.ts'

/** What SQS promises, through AWS's own client, on any store. */
export function sqsContract(name: string, start: () => Promise<TestSimulator>): void {
  describe(`SQS: ${name}`, () => {
    let simulator: TestSimulator
    beforeEach(async () => {
      simulator = await start()
    })
    afterEach(() => simulator.close())

    const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
      simulator.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))
    const bodies = async (url: string, more: object = {}) =>
      (await simulator.receive(url, more)).map(({ Body }) => Body)
    const fifoQueue = (queue = 'f.fifo', attributes: Record<string, string> = {}) =>
      simulator.newQueue(queue, { FifoQueue: 'true', ...attributes })
    const redrive = (arn: string, maxReceiveCount = 1) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount }),
    })

    test('S10 a FIFO queue keeps each group in order, numbers its messages, and tells group and id', async () => {
      const { url } = await fifoQueue()
      const numbers: string[] = []
      for (const body of ['1', '2', '3']) {
        const sent = await send(url, body, { MessageGroupId: 'g', MessageDeduplicationId: `d${body}` })
        numbers.push(sent.SequenceNumber ?? '')
      }
      expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true)
      expect([...numbers].sort()).toEqual(numbers)
      const got = await simulator.receive(url)
      expect(got.map(({ Body }) => Body)).toEqual(['1', '2', '3'])
      expect(got.map(({ Attributes }) => Attributes?.SequenceNumber)).toEqual(numbers)
      expect(got[0]?.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'd1' })
      await send(url, '4', { MessageGroupId: 'g', MessageDeduplicationId: 'd4' })
      expect(await bodies(url)).toEqual([])
    })

    test('S11 deduplication by id and by content, for five minutes, also after the message is gone', async () => {
      const { url } = await fifoQueue('c.fifo', { ContentBasedDeduplication: 'true' })
      const first = await send(url, 'same', { MessageGroupId: 'g' })
      const second = await send(url, 'same', { MessageGroupId: 'other' })
      expect([second.MessageId, second.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber])
      const [got] = await simulator.receive(url)
      await simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: got?.ReceiptHandle }))
      await send(url, 'same', { MessageGroupId: 'g' })
      expect(await bodies(url)).toEqual([])
      await simulator.advance(300_000)
      await send(url, 'same', { MessageGroupId: 'g' })
      expect(await bodies(url)).toEqual(['same'])
    })

    test('S12 what a FIFO queue and a standard queue refuse, in AWS words', async () => {
      const { url } = await fifoQueue()
      const standard = await simulator.newQueue('s')
      const refused: [Promise<unknown>, string, RegExp][] = [
        [
          send(url, 'x', { MessageDeduplicationId: 'd' }),
          'MissingParameter',
          /must contain the parameter MessageGroupId/,
        ],
        [send(url, 'x', { MessageGroupId: 'g' }), 'InvalidParameterValue', /ContentBasedDeduplication enabled or/],
        [
          send(url, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 }),
          'InvalidParameterValue',
          /Value 2 for parameter DelaySeconds/,
        ],
        [
          send(url, 'x', { MessageGroupId: 'a b', MessageDeduplicationId: 'd' }),
          'InvalidParameterValue',
          /MessageGroupId can only include/,
        ],
        [
          send(standard.url, 'x', { MessageDeduplicationId: 'd' }),
          'InvalidParameterValue',
          /not valid for this queue type/,
        ],
        [fifoQueue('nofifo'), 'InvalidParameterValue', /must end with .fifo suffix/],
        [simulator.newQueue('x.fifo'), 'InvalidParameterValue', /Can only include alphanumeric/],
        [simulator.newQueue('y', { ContentBasedDeduplication: 'true' }), 'InvalidAttributeName', /only when FifoQueue/],
        [
          fifoQueue('z.fifo', { FifoThroughputLimit: 'perMessageGroupId' }),
          'InvalidAttributeValue',
          /DeduplicationScope/,
        ],
      ]
      for (const [call, error, message] of refused) {
        await expect(call).rejects.toMatchObject({ name: error, message: expect.stringMatching(message) })
      }
    })

    test('S13 a receipt of a FIFO queue ends with its timeout', async () => {
      const { url } = await fifoQueue()
      await send(url, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd' })
      const [got] = await simulator.receive(url, { VisibilityTimeout: 5 })
      await simulator.advance(5_000)
      const ReceiptHandle = got?.ReceiptHandle
      await expect(
        simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })),
      ).rejects.toMatchObject({
        name: 'InvalidParameterValue',
        message: expect.stringContaining('The receipt handle has expired'),
      })
      const change = new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 1 })
      await expect(simulator.sqs.send(change)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
    })

    test('S14 a repeated receive with its attempt id gets the same messages and receipts', async () => {
      const { url } = await fifoQueue()
      for (const body of ['1', '2']) await send(url, body, { MessageGroupId: 'g', MessageDeduplicationId: body })
      const attempt = { ReceiveRequestAttemptId: 'a', VisibilityTimeout: 10 }
      const first = await simulator.receive(url, attempt)
      await simulator.advance(8_000)
      const again = await simulator.receive(url, attempt)
      expect(again.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(first.map(({ ReceiptHandle }) => ReceiptHandle))
      await simulator.advance(8_000)
      await simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first[0]?.ReceiptHandle }))
      expect(await simulator.receive(url, attempt)).toEqual([])
    })

    test('S15 a group on a standard queue comes back; the trace header and every system attribute too', async () => {
      const { url } = await simulator.newQueue('s')
      const MessageSystemAttributes = {
        AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
      }
      const sent = await send(url, 'x', { MessageGroupId: 'tenant-1', MessageSystemAttributes })
      expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/)
      const [got] = await simulator.receive(url)
      expect(Object.keys(got?.Attributes ?? {}).sort()).toEqual([
        'AWSTraceHeader',
        'ApproximateFirstReceiveTimestamp',
        'ApproximateReceiveCount',
        'MessageGroupId',
        'SenderId',
        'SentTimestamp',
      ])
      expect(got?.Attributes?.MessageGroupId).toBe('tenant-1')
    })

    test('S16 tags at creation and after', async () => {
      const { QueueUrl = '' } = await simulator.sqs.send(
        new CreateQueueCommand({ QueueName: 't', tags: { a: '1', b: '2' } }),
      )
      await simulator.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { b: '3', c: '4' } }))
      await simulator.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] }))
      const { Tags } = await simulator.sqs.send(new ListQueueTagsCommand({ QueueUrl }))
      expect(Tags).toEqual({ b: '3', c: '4' })
    })

    test('S17 permissions become a policy, which is returned', async () => {
      const { url, arn } = await simulator.newQueue('p')
      const add = { QueueUrl: url, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] }
      await simulator.sqs.send(new AddPermissionCommand(add))
      const policy = JSON.parse((await simulator.attributesOf(url)).Policy ?? '{}')
      expect(policy).toMatchObject({
        Version: '2008-10-17',
        Statement: [
          {
            Sid: 'l',
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111111111111:root' },
            Action: 'SQS:ReceiveMessage',
            Resource: arn,
          },
        ],
      })
      await expect(simulator.sqs.send(new AddPermissionCommand(add))).rejects.toMatchObject({
        message: expect.stringContaining('Already exists'),
      })
      await simulator.sqs.send(new RemovePermissionCommand({ QueueUrl: url, Label: 'l' }))
      expect((await simulator.attributesOf(url)).Policy).toBeUndefined()
      await expect(
        simulator.sqs.send(new RemovePermissionCommand({ QueueUrl: url, Label: 'l' })),
      ).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      })
    })

    test('S18 encryption, redrive allow policy and every other attribute are checked and returned', async () => {
      const { url } = await simulator.newQueue('e', { KmsMasterKeyId: 'key', KmsDataKeyReusePeriodSeconds: '6000' })
      expect(await simulator.attributesOf(url)).toMatchObject({
        KmsMasterKeyId: 'key',
        KmsDataKeyReusePeriodSeconds: '6000',
        SqsManagedSseEnabled: 'false',
      })
      const set = (Attributes: Record<string, string>) =>
        simulator.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }))
      await set({ SqsManagedSseEnabled: 'true' })
      expect((await simulator.attributesOf(url)).KmsMasterKeyId).toBeUndefined()
      await expect(set({ SqsManagedSseEnabled: 'true', KmsMasterKeyId: 'key' })).rejects.toMatchObject({
        name: 'InvalidAttributeName',
      })
      const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'denyAll' })
      await set({ RedriveAllowPolicy })
      const { arn } = await simulator.newQueue('e')
      await expect(simulator.newQueue('src', redrive(arn))).rejects.toMatchObject({ name: 'InvalidParameterValue' })
      await set({ RedriveAllowPolicy: '' })
      const source = await simulator.newQueue('src', {
        RedrivePolicy: `{"deadLetterTargetArn":"${arn}","maxReceiveCount":"5"}`,
      })
      expect((await simulator.attributesOf(source.url)).RedrivePolicy).toBe(
        `{"deadLetterTargetArn":"${arn}","maxReceiveCount":5}`,
      )
      await expect(
        simulator.newQueue('src2', redrive('arn:aws:sqs:us-east-1:123456789012:none')),
      ).rejects.toMatchObject({
        message: expect.stringContaining('does not exist'),
      })
      await expect(simulator.newQueue('src.fifo', { FifoQueue: 'true', ...redrive(arn) })).rejects.toMatchObject({
        message: expect.stringContaining('same type'),
      })
      const unknown = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Nothing' as 'All'] })
      await expect(simulator.sqs.send(unknown)).rejects.toMatchObject({ name: 'InvalidAttributeName' })
      expect((await simulator.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url }))).Attributes).toBeUndefined()
    })

    test('S19 retention, delay and visibility go by a clock that a test moves', async () => {
      const { url } = await simulator.newQueue('r', { MessageRetentionPeriod: '60' })
      await send(url, 'later', { DelaySeconds: 30 })
      expect(await bodies(url)).toEqual([])
      await simulator.advance(30_000)
      expect(await bodies(url, { VisibilityTimeout: 10 })).toEqual(['later'])
      await simulator.advance(10_000)
      expect(await bodies(url, { VisibilityTimeout: 0 })).toEqual(['later'])
      await simulator.advance(20_000)
      expect((await simulator.attributesOf(url)).ApproximateNumberOfMessages).toBe('0')
      expect(await bodies(url)).toEqual([])
    })

    test('S19 a waiter is answered when the clock is moved', async () => {
      const { url } = await simulator.newQueue('r')
      await send(url, 'later', { DelaySeconds: 15 })
      const waiting = bodies(url, { WaitTimeSeconds: 20 })
      await simulator.advance(15_000)
      expect(await waiting).toEqual(['later'])
    })

    test('S20 a queue is not made again within 60 seconds after its deletion; purged once in 60', async () => {
      const { url } = await simulator.newQueue('d')
      await simulator.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
      await expect(simulator.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
        name: 'PurgeQueueInProgress',
      })
      await simulator.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
      await expect(simulator.newQueue('d')).rejects.toMatchObject({ name: 'QueueDeletedRecently' })
      await simulator.advance(60_000)
      await simulator.newQueue('d')
    })

    test('S21 lists come in pages', async () => {
      const dead = await simulator.newQueue('dead')
      for (const queue of ['a', 'b', 'c']) await simulator.newQueue(queue, redrive(dead.arn))
      const names = (urls: string[] = []) => urls.map((url) => url.split('/').at(-1))
      const first = await simulator.sqs.send(new ListQueuesCommand({ MaxResults: 3 }))
      const second = await simulator.sqs.send(new ListQueuesCommand({ MaxResults: 3, NextToken: first.NextToken }))
      expect([names(first.QueueUrls), names(second.QueueUrls), second.NextToken]).toEqual([
        ['a', 'b', 'c'],
        ['dead'],
        undefined,
      ])
      const list = (NextToken?: string) =>
        simulator.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url, MaxResults: 2, NextToken }))
      const sources = await list()
      expect([names(sources.queueUrls), names((await list(sources.NextToken)).queueUrls)]).toEqual([['a', 'b'], ['c']])
      await expect(list('made up')).rejects.toMatchObject({ name: 'InvalidParameterValue' })
    })

    test('S22 a move task takes dead letters back to where they came from', async () => {
      const dead = await simulator.newQueue('dead')
      const one = await simulator.newQueue('one', redrive(dead.arn))
      const two = await simulator.newQueue('two', redrive(dead.arn))
      for (const [url, body] of [
        [one.url, '1'],
        [two.url, '2'],
      ] as const) {
        await send(url, body)
        await simulator.receive(url, { VisibilityTimeout: 0 })
        await simulator.receive(url)
      }
      expect((await simulator.attributesOf(dead.url)).ApproximateNumberOfMessages).toBe('2')
      const { TaskHandle } = await simulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }))
      expect(TaskHandle).toMatch(/^[A-Za-z0-9+/=]+$/)
      const tasks = async () =>
        (await simulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))).Results ?? []
      await expect.poll(async () => (await tasks())[0]?.Status).toBe('COMPLETED')
      expect((await tasks())[0]).toMatchObject({
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        SourceArn: dead.arn,
      })
      expect([await bodies(one.url), await bodies(two.url)]).toEqual([['1'], ['2']])
    })

    test('S22 a move task has a rate, is one per source, and is cancelled', async () => {
      const dead = await simulator.newQueue('dead')
      await simulator.newQueue('one', redrive(dead.arn))
      const to = await simulator.newQueue('to')
      const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `e${n}`, MessageBody: `m${n}` }))
      await simulator.sqs.send(new SendMessageBatchCommand({ QueueUrl: dead.url, Entries }))
      const start = () =>
        simulator.sqs.send(
          new StartMessageMoveTaskCommand({
            SourceArn: dead.arn,
            DestinationArn: to.arn,
            MaxNumberOfMessagesPerSecond: 1,
          }),
        )
      const { TaskHandle } = await start()
      await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('already a task running') })
      const { ApproximateNumberOfMessagesMoved: moved = 99 } = await simulator.sqs.send(
        new CancelMessageMoveTaskCommand({ TaskHandle }),
      )
      expect(moved).toBeLessThan(10)
      const { Results = [] } = await simulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))
      expect(Results[0]).toMatchObject({ Status: 'CANCELLED', MaxNumberOfMessagesPerSecond: 1, DestinationArn: to.arn })
      expect(Results[0]?.TaskHandle).toBeUndefined()
      await expect(simulator.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        $metadata: { httpStatusCode: 404 },
      })
      await expect(simulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: to.arn }))).rejects.toMatchObject({
        message: 'Source queue must be configured as a Dead Letter Queue.',
      })
    })

    test('S22 a message of which nobody knows the source fails a task without a destination', async () => {
      const dead = await simulator.newQueue('dead')
      await simulator.newQueue('one', redrive(dead.arn))
      await send(dead.url, 'direct')
      await simulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }))
      const task = async () =>
        (await simulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))).Results?.[0]
      await expect.poll(async () => (await task())?.Status).toBe('FAILED')
      expect((await task())?.FailureReason).toBe('CouldNotDetermineMessageSource')
    })

    test('S23 dead letters of a FIFO queue go to a FIFO queue, in order', async () => {
      const dead = await fifoQueue('dead.fifo')
      const { url } = await fifoQueue('f.fifo', redrive(dead.arn))
      for (const body of ['1', '2']) await send(url, body, { MessageGroupId: 'g', MessageDeduplicationId: body })
      await simulator.receive(url, { VisibilityTimeout: 0 })
      expect(await bodies(url)).toEqual([])
      const letters = await simulator.receive(dead.url)
      expect(letters.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId])).toEqual([
        ['1', 'g'],
        ['2', 'g'],
      ])
      expect(letters[0]?.Attributes?.DeadLetterQueueSourceArn).toMatch(/f\.fifo$/)
    })

    test('S24 sixty-four waiters and ten groups: each message once, in order within its group', async () => {
      const { url } = await fifoQueue()
      const seen = new Map<string, string[]>()
      let left = 50
      const work = async () => {
        while (left > 0) {
          const { Messages = [] } = await simulator.sqs.send(
            new ReceiveMessageCommand({
              QueueUrl: url,
              WaitTimeSeconds: 1,
              MaxNumberOfMessages: 3,
              MessageSystemAttributeNames: ['MessageGroupId'],
            }),
          )
          for (const { Body = '', Attributes, ReceiptHandle } of Messages) {
            const group = Attributes?.MessageGroupId ?? ''
            seen.set(group, [...(seen.get(group) ?? []), Body])
            left--
            await simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }))
          }
        }
      }
      const workers = Array.from({ length: 64 }, work)
      // With connections of its own: those who wait hold all that their client has.
      const sender = new SQSClient(clientSettings(simulator.url))
      for (let n = 0; n < 50; n++) {
        const ids = { MessageGroupId: `g${n % 10}`, MessageDeduplicationId: `d${n}` }
        await sender.send(new SendMessageCommand({ QueueUrl: url, MessageBody: String(n).padStart(3, '0'), ...ids }))
      }
      await Promise.all(workers)
      sender.destroy()
      expect(seen.size).toBe(10)
      for (const found of seen.values()) expect(found).toEqual([...found].sort())
      expect([...seen.values()].flat()).toHaveLength(50)
    })
  })
}
