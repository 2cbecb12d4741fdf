import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { clientSettings } from './simulator.contract.ts'
import type { SqsBench } from './sqs-bench.contract.ts'

/** FIFO queues: S10 to S14, S23 and S24. */
export function sqsFifoRules(bench: SqsBench): void {
  const { send, bodies, fifoQueue, redrive } = bench

  test('S10 a FIFO queue keeps each group in order, numbers its messages, and returns group and id', async () => {
    const { url } = await fifoQueue()
    const numbers: string[] = []
    for (const body of ['1', '2', '3']) {
      const sent = await send(url, body, { MessageGroupId: 'g', MessageDeduplicationId: `d${body}` })
      numbers.push(sent.SequenceNumber ?? '')
    }
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true)
    expect([...numbers].sort()).toEqual(numbers)
    const got = await bench.simulator.receive(url)
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
    const [got] = await bench.simulator.receive(url)
    await bench.simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: got?.ReceiptHandle }))
    await send(url, 'same', { MessageGroupId: 'g' })
    expect(await bodies(url)).toEqual([])
    await bench.simulator.advance(300_000)
    await send(url, 'same', { MessageGroupId: 'g' })
    expect(await bodies(url)).toEqual(['same'])
  })

  test('S12 what a FIFO queue and a standard queue refuse, in AWS words', async () => {
    const { url } = await fifoQueue()
    const standard = await bench.simulator.newQueue('s')
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
      [bench.simulator.newQueue('x.fifo'), 'InvalidParameterValue', /Can only include alphanumeric/],
      [bench.simulator.newQueue('y', { DeduplicationScope: 'queue' }), 'InvalidAttributeName', /only when FifoQueue/],
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
    const [got] = await bench.simulator.receive(url, { VisibilityTimeout: 5 })
    await bench.simulator.advance(5_000)
    const ReceiptHandle = got?.ReceiptHandle
    await expect(
      bench.simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('The receipt handle has expired'),
    })
    const change = new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 1 })
    await expect(bench.simulator.sqs.send(change)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  })

  test('S14 a repeated receive with its attempt id gets the same messages and receipts', async () => {
    const { url } = await fifoQueue()
    for (const body of ['1', '2']) await send(url, body, { MessageGroupId: 'g', MessageDeduplicationId: body })
    const attempt = { ReceiveRequestAttemptId: 'a', VisibilityTimeout: 10 }
    const first = await bench.simulator.receive(url, attempt)
    await bench.simulator.advance(8_000)
    const again = await bench.simulator.receive(url, attempt)
    expect(again.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(first.map(({ ReceiptHandle }) => ReceiptHandle))
    await bench.simulator.advance(8_000)
    await bench.simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first[0]?.ReceiptHandle }))
    expect(await bench.simulator.receive(url, attempt)).toEqual([])
  })

  test('S23 dead letters of a FIFO queue go to a FIFO queue, in order', async () => {
    const dead = await fifoQueue('dead.fifo')
    const { url } = await fifoQueue('f.fifo', redrive(dead.arn))
    for (const body of ['1', '2']) await send(url, body, { MessageGroupId: 'g', MessageDeduplicationId: body })
    await bench.simulator.receive(url, { VisibilityTimeout: 0 })
    expect(await bodies(url)).toEqual([])
    const letters = await bench.simulator.receive(dead.url)
    expect(letters.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId])).toEqual([
      ['1', 'g'],
      ['2', 'g'],
    ])
    expect(letters[0]?.Attributes?.DeadLetterQueueSourceArn).toMatch(/f\.fifo$/)
  })

  test('S24 sixty-four waiters and ten groups: each message once, in order within its group', {
    timeout: 180_000,
  }, async () => {
    const { url } = await fifoQueue()
    const seen = new Map<string, string[]>()
    let left = 50
    const work = async () => {
      while (left > 0) {
        const { Messages = [] } = await bench.simulator.sqs.send(
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
          await bench.simulator.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }))
        }
      }
    }
    const workers = Array.from({ length: 64 }, work)
    // With connections of its own: those who wait hold all that their client has.
    const sender = new SQSClient(clientSettings(bench.simulator.url))
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
}
