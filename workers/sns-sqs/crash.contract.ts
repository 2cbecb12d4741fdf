import { CreateTopicCommand, PublishBatchCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'

/** Simulators of the same queues, to be killed under load and started again where they were. */
export interface Victims {
  /** Where messages are published, and where they are consumed. May be the same. */
  publishAt: string
  consumeAt: string
  /** Starts what does not run; resolves when all answer. */
  start(): Promise<void>
  /** SIGKILL, in each round of whatever the round is about. */
  kill(round: number): Promise<void>
}

const acknowledgedPerRound = 200

/** The part of a body that names it. */
const idOf = ({ Body = '' }: { Body?: string | undefined }): string => Body.slice(0, Body.indexOf(' '))

/** What must hold of any simulator that promises to keep what it acknowledged. */
export function crashContract(name: string, rounds: number, victims: () => Victims): void {
  test(`Q2 Q5 Q20 ${name} killed with SIGKILL under load, ${rounds} times: nothing acknowledged is missing`, {
    timeout: Math.max(400_000, rounds * 30_000),
  }, async () => {
    const { publishAt, consumeAt, start, kill } = victims()
    const settings = {
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    }
    const sns = new SNSClient({ ...settings, endpoint: publishAt })
    const sqs = new SQSClient({ ...settings, endpoint: consumeAt })
    const url = (name: string) => `${consumeAt}/123456789012/${name}`
    const acknowledged = new Set<string>()
    const seenInA = new Set<string>()
    const deleted = new Set<string>()
    const returned: string[] = []
    let sent = 0
    const padding = 'x'.repeat(300)
    let alive = true

    const publish = async (TopicArn: string) => {
      while (alive) {
        const bodies = Array.from({ length: 5 }, () => `m${sent++} ${padding}`)
        const entries = bodies.map((Message, index) => ({ Id: `e${index}`, Message }))
        await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }))
        for (const body of bodies) acknowledged.add(idOf({ Body: body }))
      }
    }
    const consume = async () => {
      while (alive) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: url('a'), MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
        )
        const bodies = Messages.map(idOf)
        for (const body of bodies) if (deleted.has(body)) returned.push(body)
        for (const body of bodies) seenInA.add(body)
        if (bodies.length === 0) continue
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `e${index}`, ReceiptHandle }))
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url('a'), Entries }))
        for (const body of bodies) deleted.add(body)
      }
    }
    /** Requests that the kill breaks off reject; what they were about is unknown, which is why they are in no set. */
    const untilKilled = (work: Promise<void>) => work.catch(() => {})

    let TopicArn = ''
    for (let round = 0; round < rounds; round++) {
      await start()
      alive = true
      if (round === 0) {
        TopicArn = (await sns.send(new CreateTopicCommand({ Name: 'events' }))).TopicArn ?? ''
        for (const QueueName of ['a', 'b']) {
          await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '600' } }))
          const Endpoint = `arn:aws:sqs:us-east-1:123456789012:${QueueName}`
          const Attributes = { RawMessageDelivery: 'true' }
          await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }))
        }
      }
      const target = acknowledged.size + acknowledgedPerRound + round * 7
      const work = [publish(TopicArn), publish(TopicArn), publish(TopicArn), consume(), consume()].map(untilKilled)
      await expect.poll(() => acknowledged.size, { interval: 1, timeout: 30_000 }).toBeGreaterThan(target)
      const ended = kill(round)
      alive = false
      await Promise.all([ended, ...work])
    }

    await start()

    /** Takes everything visible out of a queue for ever. */
    const drain = async (name: string) => {
      const drained = new Set<string>()
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: url(name), MaxNumberOfMessages: 10 }),
        )
        if (Messages.length === 0) return drained
        for (const message of Messages) drained.add(idOf(message))
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `e${index}`, ReceiptHandle }))
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url(name), Entries }))
      }
    }
    const inB = await drain('b')
    const visibleInA = await drain('a')
    // What is left was on its way to a consumer when a kill came, at most one batch each time.
    const peeked = await fetch(`${consumeAt}/_faultline/queues/a/messages?limit=1000`)
    const inFlight = ((await peeked.json()) as { messages: { body: string }[] }).messages
    const leftInA = [...visibleInA, ...inFlight.map(({ body }) => idOf({ Body: body }))]
    const everInA = new Set([...seenInA, ...leftInA])

    expect([...acknowledged].filter((body) => !inB.has(body))).toEqual([])
    expect([...acknowledged].filter((body) => !everInA.has(body))).toEqual([])
    // Acknowledged or not, a publish is in both queues or in none.
    expect([...inB].filter((body) => !everInA.has(body))).toEqual([])
    expect([...everInA].filter((body) => !inB.has(body))).toEqual([])
    // What was deleted stays deleted.
    expect([...returned, ...leftInA.filter((body) => deleted.has(body))]).toEqual([])
    expect(acknowledged.size).toBeGreaterThan(rounds * acknowledgedPerRound)
    sns.destroy()
    sqs.destroy()
  })
}
