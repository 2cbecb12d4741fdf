import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import type { Victims } from './crash.contract.ts'

const groups = ['g', 'h', 'i', 'j']
const perRound = 60
const deadLetters = 300

/**
 * What must hold of FIFO queues and move tasks of a simulator that is killed again and again: each group's messages are there once and in
 * order although unanswered sends are sent again, nothing deleted returns, and a move task goes on and moves each message once.
 */
export function fifoCrashContract(name: string, rounds: number, victims: () => Victims): void {
  test(`Q20 Q30 Q33 Q37 ${name} killed with SIGKILL ${rounds} times: order, deduplication and a move task outlive it`, {
    timeout: Math.max(300_000, rounds * 30_000),
  }, async () => {
    const { publishAt, consumeAt, start, kill } = victims()
    const settings = {
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    }
    const sender = new SQSClient({ ...settings, endpoint: publishAt })
    const sqs = new SQSClient({ ...settings, endpoint: consumeAt })
    const url = (queue: string) => `${consumeAt}/123456789012/${queue}`
    const next = new Map(groups.map((group) => [group, 0]))
    const deleted = new Map(groups.map((group): [string, number[]] => [group, []]))
    const returned: string[] = []
    let alive = true

    /** Sends the next of a group until it is answered: the same deduplication id each time. */
    const send = async (group: string) => {
      while (alive) {
        const number = next.get(group) ?? 0
        await sender.send(
          new SendMessageCommand({
            QueueUrl: url('f.fifo').replace(consumeAt, publishAt),
            MessageBody: `${group} ${number}`,
            MessageGroupId: group,
            MessageDeduplicationId: `${group}-${number}`,
          }),
        )
        next.set(group, number + 1)
      }
    }
    const take = async (WaitTimeSeconds: number): Promise<number> => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url('f.fifo'), MaxNumberOfMessages: 5, WaitTimeSeconds }),
      )
      for (const { Body = '', ReceiptHandle } of Messages) {
        const [group = '', number] = Body.split(' ')
        if (deleted.get(group)?.includes(Number(number))) returned.push(Body)
        await sqs.send(new DeleteMessageCommand({ QueueUrl: url('f.fifo'), ReceiptHandle }))
        deleted.get(group)?.push(Number(number))
      }
      return Messages.length
    }
    const consume = async () => {
      while (alive) await take(1)
    }
    const total = () => [...next.values()].reduce((sum, count) => sum + count, 0)
    const untilKilled = (work: Promise<void>) => work.catch(() => {})

    for (let round = 0; round < rounds; round++) {
      await start()
      alive = true
      if (round === 0) await declare(sqs, url)
      const target = total() + perRound
      const work = [...groups.map(send), consume()].map(untilKilled)
      await expect.poll(total, { interval: 1, timeout: 30_000 }).toBeGreaterThan(target)
      const ended = kill(round)
      alive = false
      await Promise.all([ended, ...work])
    }
    await start()

    // What a consumer held when a kill came is visible again after its timeout.
    const left = async () => {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url('f.fifo'), AttributeNames: [...names] }),
      )
      return Number(Attributes[names[0]]) + Number(Attributes[names[1]])
    }
    while ((await left()) > 0) await take(1)
    for (const group of groups) {
      const numbers = deleted.get(group) ?? []
      // A delete whose answer was lost was done without being known here; everything known comes once and in order.
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      expect(numbers.length).toBeGreaterThanOrEqual((next.get(group) ?? 0) - rounds * 5)
    }
    expect(returned).toEqual([])

    const task = async () =>
      (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('dead') }))).Results?.[0]
    await expect.poll(async () => (await task())?.Status, { timeout: 60_000 }).toBe('COMPLETED')
    const peeked = await fetch(`${consumeAt}/_faultline/queues/to/messages?limit=1000`)
    const { messages } = (await peeked.json()) as { messages: { body: string }[] }
    expect(messages.map(({ body }) => Number(body)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: deadLetters }, (_, index) => index),
    )
    sender.destroy()
    sqs.destroy()
  })
}

const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:123456789012:${queue}`

/** The queues, and a move task that runs through all the kills. */
async function declare(sqs: SQSClient, url: (queue: string) => string): Promise<void> {
  const make = (QueueName: string, Attributes: Record<string, string>) =>
    sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
  await make('f.fifo', { FifoQueue: 'true', VisibilityTimeout: '2' })
  await make('dead', {})
  await make('to', {})
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 })
  await make('source', { RedrivePolicy })
  for (let from = 0; from < deadLetters; from += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `e${index}`, MessageBody: String(from + index) }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url('dead'), Entries }))
  }
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: arnOf('dead'),
      DestinationArn: arnOf('to'),
      MaxNumberOfMessagesPerSecond: 30,
    }),
  )
}
