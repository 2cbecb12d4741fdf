import {
  AddPermissionCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  RemovePermissionCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import type { SqsBench } from './sqs-bench.contract.ts'

/** Attributes, tags and lists of queues, and their clock: S15 to S21. */
export function sqsQueueRules(bench: SqsBench): void {
  const { send, bodies, redrive } = bench

  test('S15 a group on a standard queue comes back; the trace header and every system attribute too', async () => {
    const { url } = await bench.simulator.newQueue('s')
    const MessageSystemAttributes = {
      AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
    }
    const sent = await send(url, 'x', { MessageGroupId: 'tenant-1', MessageSystemAttributes })
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/)
    const [got] = await bench.simulator.receive(url)
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
    const { QueueUrl = '' } = await bench.simulator.sqs.send(
      new CreateQueueCommand({ QueueName: 't', tags: { a: '1', b: '2' } }),
    )
    await bench.simulator.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { b: '3', c: '4' } }))
    await bench.simulator.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] }))
    const { Tags } = await bench.simulator.sqs.send(new ListQueueTagsCommand({ QueueUrl }))
    expect(Tags).toEqual({ b: '3', c: '4' })
  })

  test('S17 permissions become a policy, which is returned', async () => {
    const { url, arn } = await bench.simulator.newQueue('p')
    const add = { QueueUrl: url, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] }
    await bench.simulator.sqs.send(new AddPermissionCommand(add))
    const policy = JSON.parse((await bench.simulator.attributesOf(url)).Policy ?? '{}')
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
    await expect(bench.simulator.sqs.send(new AddPermissionCommand(add))).rejects.toMatchObject({
      message: expect.stringContaining('Already exists'),
    })
    await bench.simulator.sqs.send(new RemovePermissionCommand({ QueueUrl: url, Label: 'l' }))
    expect((await bench.simulator.attributesOf(url)).Policy).toBeUndefined()
    await expect(
      bench.simulator.sqs.send(new RemovePermissionCommand({ QueueUrl: url, Label: 'l' })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    })
  })

  test('S18 encryption, redrive allow policy and every other attribute are checked and returned', async () => {
    const { url } = await bench.simulator.newQueue('e', { KmsMasterKeyId: 'key', KmsDataKeyReusePeriodSeconds: '6000' })
    expect(await bench.simulator.attributesOf(url)).toMatchObject({
      KmsMasterKeyId: 'key',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    })
    const set = (Attributes: Record<string, string>) =>
      bench.simulator.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }))
    await set({ SqsManagedSseEnabled: 'true' })
    expect((await bench.simulator.attributesOf(url)).KmsMasterKeyId).toBeUndefined()
    await expect(set({ SqsManagedSseEnabled: 'true', KmsMasterKeyId: 'key' })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
    })
    const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'denyAll' })
    await set({ RedriveAllowPolicy })
    const { arn } = await bench.simulator.newQueue('e')
    await expect(bench.simulator.newQueue('src', redrive(arn))).rejects.toMatchObject({ name: 'InvalidParameterValue' })
    await set({ RedriveAllowPolicy: '' })
    const source = await bench.simulator.newQueue('src', {
      RedrivePolicy: `{"deadLetterTargetArn":"${arn}","maxReceiveCount":"5"}`,
    })
    expect((await bench.simulator.attributesOf(source.url)).RedrivePolicy).toBe(
      `{"deadLetterTargetArn":"${arn}","maxReceiveCount":5}`,
    )
    await expect(
      bench.simulator.newQueue('src2', redrive('arn:aws:sqs:us-east-1:123456789012:none')),
    ).rejects.toMatchObject({
      message: expect.stringContaining('does not exist'),
    })
    await expect(bench.simulator.newQueue('src.fifo', { FifoQueue: 'true', ...redrive(arn) })).rejects.toMatchObject({
      message: expect.stringContaining('same type'),
    })
    const unknown = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Nothing' as 'All'] })
    await expect(bench.simulator.sqs.send(unknown)).rejects.toMatchObject({ name: 'InvalidAttributeName' })
    expect(
      (await bench.simulator.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url }))).Attributes,
    ).toBeUndefined()
  })

  test('S19 retention, delay and visibility go by a clock that a test moves', async () => {
    const { url } = await bench.simulator.newQueue('r', { MessageRetentionPeriod: '60' })
    await send(url, 'later', { DelaySeconds: 30 })
    expect(await bodies(url)).toEqual([])
    await bench.simulator.advance(30_000)
    expect(await bodies(url, { VisibilityTimeout: 10 })).toEqual(['later'])
    await bench.simulator.advance(10_000)
    expect(await bodies(url, { VisibilityTimeout: 0 })).toEqual(['later'])
    await bench.simulator.advance(20_000)
    expect((await bench.simulator.attributesOf(url)).ApproximateNumberOfMessages).toBe('0')
    expect(await bodies(url)).toEqual([])
  })

  test('S19 a message is hidden for at most twelve hours after it was received', async () => {
    const { url } = await bench.simulator.newQueue('q')
    await send(url, 'long')
    const [held] = await bench.simulator.receive(url, { VisibilityTimeout: 3_600 })
    const change = (VisibilityTimeout: number) =>
      bench.simulator.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: held?.ReceiptHandle,
          VisibilityTimeout,
        }),
      )
    await change(43_200)
    await bench.simulator.advance(1_800_000)
    await expect(change(43_200)).rejects.toMatchObject({
      message: expect.stringMatching(/^Value 43200 for parameter VisibilityTimeout is invalid\. Reason: Total /),
    })
    await change(41_000)
    await change(0)
    expect(await bench.simulator.receive(url)).toHaveLength(1)
  })

  test('S19 a waiter is answered when the clock is moved', async () => {
    const { url } = await bench.simulator.newQueue('r')
    await send(url, 'later', { DelaySeconds: 15 })
    const waiting = bodies(url, { WaitTimeSeconds: 20 })
    await bench.simulator.advance(15_000)
    expect(await waiting).toEqual(['later'])
  })

  test('S20 a queue is not made again within 60 seconds after its deletion; purged once in 60', async () => {
    const { url } = await bench.simulator.newQueue('d')
    await bench.simulator.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
    await expect(bench.simulator.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
    })
    await bench.simulator.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
    await expect(bench.simulator.newQueue('d')).rejects.toMatchObject({ name: 'QueueDeletedRecently' })
    await bench.simulator.advance(60_000)
    await bench.simulator.newQueue('d')
  })

  test('S21 lists come in pages', async () => {
    const dead = await bench.simulator.newQueue('dead')
    for (const queue of ['a', 'b', 'c']) await bench.simulator.newQueue(queue, redrive(dead.arn))
    const names = (urls: string[] = []) => urls.map((url) => url.split('/').at(-1))
    const first = await bench.simulator.sqs.send(new ListQueuesCommand({ MaxResults: 3 }))
    const second = await bench.simulator.sqs.send(new ListQueuesCommand({ MaxResults: 3, NextToken: first.NextToken }))
    expect([names(first.QueueUrls), names(second.QueueUrls), second.NextToken]).toEqual([
      ['a', 'b', 'c'],
      ['dead'],
      undefined,
    ])
    const list = (NextToken?: string) =>
      bench.simulator.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url, MaxResults: 2, NextToken }))
    const sources = await list()
    expect([names(sources.queueUrls), names((await list(sources.NextToken)).queueUrls)]).toEqual([['a', 'b'], ['c']])
    await expect(list('made up')).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  })
}
