import {
  AddPermissionCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ListQueueTagsCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { clientSettings } from './simulator.contract.ts'
import type { SqsBench } from './sqs-bench.contract.ts'

const mebibyte = 1_048_576

/** Answers that AWS gives where its documentation leaves room: words, forms of values, what old receipts still do. */
export function sqsAnswerRules(bench: SqsBench): void {
  const { send, bodies, fifoQueue } = bench
  const sqs = () => bench.simulator.sqs

  test('S18 booleans come in letters of any size and go out in small ones', async () => {
    const { url } = await bench.simulator.newQueue('b.fifo', { FifoQueue: 'True', ContentBasedDeduplication: 'False' })
    expect(await bench.simulator.attributesOf(url)).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
    })
    const again = { FifoQueue: 'TRUE', ContentBasedDeduplication: 'false' }
    const made = await sqs().send(new CreateQueueCommand({ QueueName: 'b.fifo', Attributes: again }))
    expect(made.QueueUrl).toBe(url)
  })

  test('S12 S18 a standard queue does not know ContentBasedDeduplication', async () => {
    const make = new CreateQueueCommand({ QueueName: 's', Attributes: { ContentBasedDeduplication: 'true' } })
    await expect(sqs().send(make)).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute ContentBasedDeduplication.',
    })
  })

  test('S18 how long a data key is used again is shown for queues with a key of KMS only', async () => {
    const { url } = await bench.simulator.newQueue('k', { KmsMasterKeyId: 'key' })
    expect((await bench.simulator.attributesOf(url)).KmsDataKeyReusePeriodSeconds).toBe('300')
    const without = { KmsMasterKeyId: '', KmsDataKeyReusePeriodSeconds: '300' }
    await sqs().send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: without }))
    const shown = await bench.simulator.attributesOf(url)
    expect(shown).toMatchObject({ SqsManagedSseEnabled: 'false' })
    expect(shown).not.toHaveProperty('KmsDataKeyReusePeriodSeconds')
    expect(shown).not.toHaveProperty('KmsMasterKeyId')
  })

  test('S16 a queue without tags answers none, also once all were taken away', async () => {
    const { QueueUrl = '' } = await sqs().send(new CreateQueueCommand({ QueueName: 't', tags: { a: '1' } }))
    await sqs().send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] }))
    expect((await sqs().send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toBeUndefined()
  })

  test('S17 a label that is not there is refused in other words where there is no policy at all', async () => {
    const { url: QueueUrl } = await bench.simulator.newQueue('p')
    const remove = (Label: string) => sqs().send(new RemovePermissionCommand({ QueueUrl, Label }))
    await expect(remove('l')).rejects.toMatchObject({
      message: "Value l for parameter Label is invalid. Reason: can't find label.",
    })
    const grant = { QueueUrl, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] }
    await sqs().send(new AddPermissionCommand(grant))
    await expect(remove('m')).rejects.toMatchObject({
      message: expect.stringContaining("can't find label on existing"),
    })
  })

  test.each([
    ['standard', 'n', {}],
    ['FIFO', 'n.fifo', { FifoQueue: 'true' }],
  ])('S18 names that every object of JavaScript has are no attributes of a %s queue', async (_, name, attributes) => {
    const { url: QueueUrl } = await bench.simulator.newQueue(name, attributes)
    for (const odd of ['constructor', 'toString', 'valueOf']) {
      const set = new SetQueueAttributesCommand({ QueueUrl, Attributes: { [odd]: 'x' } })
      await expect(sqs().send(set)).rejects.toMatchObject({ message: `Unknown Attribute ${odd}.` })
    }
  })

  test('S12 __proto__ is a name of an attribute as any other', async () => {
    const { url: QueueUrl } = await bench.simulator.newQueue('n')
    // Not by the client of AWS, which loses it.
    const call = async (action: string, input: string): Promise<string> => {
      const headers = { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' }
      const body = `{"QueueUrl":${JSON.stringify(QueueUrl)},${input}}`
      return (await fetch(bench.simulator.url, { method: 'POST', headers, body })).text()
    }
    const value = '{"DataType":"String","StringValue":"x"}'
    const sent = await call('SendMessage', `"MessageBody":"m","MessageAttributes":{"__proto__":${value}}`)
    const got = await call('ReceiveMessage', '"MessageAttributeNames":["All"]')
    expect(got).toContain(`"__proto__":${value}`)
    expect(JSON.parse(got).Messages[0].MD5OfMessageAttributes).toBe(JSON.parse(sent).MD5OfMessageAttributes)
  })

  test('S12 names of attributes may have letters of any script', async () => {
    const { url } = await bench.simulator.newQueue('n')
    const MessageAttributes = { 'größe.1': { DataType: 'Number', StringValue: '4' } }
    const sent = await send(url, 'x', { MessageAttributes })
    const [got] = await bench.simulator.receive(url)
    expect(got).toMatchObject({ MessageAttributes, MD5OfMessageAttributes: sent.MD5OfMessageAttributes })
    const wrong = { MessageAttributes: { 'a§': { DataType: 'String', StringValue: '4' } } }
    await expect(send(url, 'x', wrong)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  })

  test('S12 a batch is too long by all of its entries; an entry too long for its queue fails alone', async () => {
    const { url: QueueUrl } = await bench.simulator.newQueue('l', { MaximumMessageSize: '1024' })
    const batch = (...lengths: number[]) => {
      const Entries = lengths.map((length, index) => ({ Id: `${index}`, MessageBody: 'a'.repeat(length) }))
      return sqs().send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    }
    const { Successful, Failed } = await batch(1_024, 1_025)
    expect(Successful?.map(({ Id }) => Id)).toEqual(['0'])
    expect(Failed).toEqual([
      {
        Id: '1',
        Code: 'InvalidParameterValue',
        SenderFault: true,
        Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
      },
    ])
    await expect(batch(1, mebibyte)).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
      message: `Batch requests cannot be longer than ${mebibyte} bytes. You have sent ${mebibyte + 1} bytes.`,
    })
  })

  test('S25 any receipt of a message in a standard queue changes when it is visible, also after its timeout', async () => {
    const { url: QueueUrl } = await bench.simulator.newQueue('v')
    await send(QueueUrl, 'x')
    const [first] = await bench.simulator.receive(QueueUrl, { VisibilityTimeout: 1 })
    const change = (VisibilityTimeout: number) =>
      sqs().send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout }),
      )
    await bench.simulator.advance(1_500)
    await change(100)
    expect(await bodies(QueueUrl)).toEqual([])
    await change(0)
    expect(await bodies(QueueUrl, { VisibilityTimeout: 600 })).toEqual(['x'])
    await change(0)
    expect(await bodies(QueueUrl)).toEqual(['x'])
  })

  test('S26 a trace that came as a header goes along with the message, without a digest of its own', async () => {
    const { url: QueueUrl } = await bench.simulator.newQueue('h')
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1'
    const traced = new SQSClient(clientSettings(bench.simulator.url))
    traced.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { 'X-Amzn-Trace-Id': trace })
        return next(args)
      },
      { step: 'build' },
    )
    const sent = await traced.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
    traced.destroy()
    expect(sent.MD5OfMessageSystemAttributes).toBeUndefined()
    const [got] = await bench.simulator.receive(QueueUrl)
    expect(got?.Attributes?.AWSTraceHeader).toBe(trace)
  })

  test('S11 another scope of deduplication holds once it has spread, after a minute', async () => {
    const { url: QueueUrl } = await fifoQueue('d.fifo')
    const set = (Attributes: Record<string, string>) =>
      sqs().send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
    const sendIn = (MessageGroupId: string) =>
      send(QueueUrl, MessageGroupId, { MessageGroupId, MessageDeduplicationId: 'd' })
    const first = await sendIn('a')
    await set({ DeduplicationScope: 'messageGroup' })
    expect((await sendIn('b')).MessageId).toBe(first.MessageId)
    await bench.simulator.advance(30_000)
    await set({ VisibilityTimeout: '40' })
    expect((await sendIn('c')).MessageId).toBe(first.MessageId)
    await bench.simulator.advance(31_000)
    expect((await sendIn('e')).MessageId).not.toBe(first.MessageId)
    expect(await bodies(QueueUrl)).toEqual(['a', 'e'])
  })
}
