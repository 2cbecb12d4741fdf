import {
  CreateTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { DeleteQueueCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Explanation } from '../explain/explanation.ts'
import type { TestSimulator } from './simulator.contract.ts'

const value = fc.constantFrom('a', 'ab', 'abc', 'B', '10.0.0.7', '')
const numberValue = fc.constantFrom(-1, 0, 1, 5, 9.5)
const condition = fc.oneof(
  value,
  numberValue,
  fc.constant(null),
  value.map((prefix) => ({ prefix })),
  value.map((suffix) => ({ suffix })),
  value.map((text) => ({ 'equals-ignore-case': text })),
  fc.boolean().map((exists) => ({ exists })),
  numberValue.map((bound) => ({ numeric: ['>', bound] })),
  fc.constant({ numeric: ['>', 0, '<=', 5] }),
  fc.constant({ cidr: '10.0.0.0/24' }),
  fc.constant({ wildcard: 'a*c' }),
  value.map((text) => ({ 'anything-but': [text] })),
  value.map((prefix) => ({ 'anything-but': { prefix } })),
)
const name = fc.constantFrom('x', 'y', 'z')
const conditions = fc.array(condition, { minLength: 1, maxLength: 3 })
const flat = fc.dictionary(name, conditions, { minKeys: 1, maxKeys: 3 })
const policy = fc.oneof(
  flat,
  fc.tuple(flat, flat).map(([one, other]) => ({ $or: [one, other] })),
  fc.tuple(name, flat, flat, flat).map(([key, all, one, other]) => ({ ...all, [key]: ['a'], $or: [one, other] })),
)
const nested = fc.oneof(
  policy,
  flat.map((inner) => ({ deep: inner })),
)
const body = fc.oneof(
  fc.dictionary(name, fc.oneof(value, numberValue, fc.array(value, { maxLength: 2 })), { maxKeys: 3 }),
  fc.dictionary(name, value, { minKeys: 1 }).map((deep) => ({ deep })),
)
const attributes = fc.dictionary(
  name,
  fc.oneof(
    value.filter((text) => text !== '').map((StringValue) => ({ DataType: 'String', StringValue })),
    numberValue.map((number) => ({ DataType: 'Number', StringValue: String(number) })),
    fc.array(value, { maxLength: 2 }).map((list) => ({ DataType: 'String.Array', StringValue: JSON.stringify(list) })),
  ),
)

/** What the explanation promises, through the wire, on any store. */
export function explainContract(store: string, start: () => Promise<TestSimulator>): void {
  describe(`explain: ${store}`, () => {
    let simulator: TestSimulator
    beforeEach(async () => {
      simulator = await start()
    })
    afterEach(() => simulator.close())

    const newTopic = async (topic: string, Attributes: Record<string, string> = {}) =>
      (await simulator.sns.send(new CreateTopicCommand({ Name: topic, Attributes }))).TopicArn ?? ''
    const subscribe = async (
      TopicArn: string,
      Endpoint: string,
      Attributes: Record<string, string> = {},
      Protocol = 'sqs',
    ) =>
      (
        await simulator.sns.send(
          new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
        )
      ).SubscriptionArn ?? ''
    const set = (SubscriptionArn: string, AttributeName: string, AttributeValue: string) =>
      simulator.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
    const ask = async (question: object): Promise<{ status: number; answer: Explanation & { error?: string } }> => {
      const answer = await fetch(`${simulator.url}/_faultline/sns/explain`, {
        method: 'POST',
        body: JSON.stringify(question),
      })
      return { status: answer.status, answer: (await answer.json()) as Explanation & { error?: string } }
    }
    const explain = async (question: object) => (await ask(question)).answer
    const codes = ({ steps }: Explanation) => steps.map(({ code }) => code)
    const idsIn = async (queue: string): Promise<string[]> => {
      const answer = await fetch(`${simulator.url}/_faultline/queues/${queue}/messages?limit=1000&body=0`)
      const { messages } = (await answer.json()) as { messages: { messageId: string }[] }
      return messages.map(({ messageId }) => messageId)
    }

    test('S44 says that a message passes exactly where delivery puts it into the queue', async () => {
      const topic = await newTopic('t')
      const { arn } = await simulator.newQueue('q')
      const subscription = await subscribe(topic, arn, { RawMessageDelivery: 'true' })
      let tried = 0
      const seen = { passed: 0, filtered: 0 }
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('MessageAttributes', 'MessageBody'),
          nested,
          body,
          attributes,
          async (scope, wanted, message, MessageAttributes) => {
            try {
              await set(subscription, 'FilterPolicy', '')
              await set(subscription, 'FilterPolicyScope', scope)
              await set(subscription, 'FilterPolicy', JSON.stringify(wanted))
            } catch {
              return fc.pre(false)
            }
            const Message = JSON.stringify(message)
            const { MessageId = '' } = await simulator.sns.send(
              new PublishCommand({ TopicArn: topic, Message, MessageAttributes }),
            )
            const question = { subscriptionArn: subscription, message: Message, messageAttributes: MessageAttributes }
            const { passes, filter } = await explain(question)
            expect(passes).toBe((await idsIn('q')).includes(MessageId))
            expect(filter?.passes).toBe(passes)
            if (filter?.readable) expect(filter.keys.every((key) => key.passes)).toBe(passes)
            for (const key of filter?.keys ?? [])
              expect(key.passes).toBe(
                key.anyOf?.some((branch) => branch.every((one) => one.passes)) ??
                  key.conditions.some((one) => one.passes),
              )
            seen[passes ? 'passed' : 'filtered']++
            tried++
          },
        ),
        { numRuns: 120 },
      )
      expect(tried).toBeGreaterThan(50)
      expect(seen.passed).toBeGreaterThan(0)
      expect(seen.filtered).toBeGreaterThan(0)
    })

    test('S44 names the value found, the condition that fails and the key', async () => {
      const topic = await newTopic('t')
      const { arn } = await simulator.newQueue('q')
      const FilterPolicy = JSON.stringify({ carrier: ['dhl', { prefix: 'ups' }], weightKg: [{ numeric: ['<=', 30] }] })
      const subscriptionArn = await subscribe(topic, arn, { FilterPolicy, FilterPolicyScope: 'MessageBody' })
      const message = JSON.stringify({ carrier: 'ups-express', weightKg: 41.5 })
      const { passes, filter, steps } = await explain({ subscriptionArn, message })
      expect(passes).toBe(false)
      expect(filter?.keys).toEqual([
        {
          key: 'carrier',
          passes: true,
          found: ['ups-express'],
          conditions: [
            { condition: 'dhl', passes: false },
            { condition: { prefix: 'ups' }, passes: true },
          ],
        },
        {
          key: 'weightKg',
          passes: false,
          found: [41.5],
          conditions: [{ condition: { numeric: ['<=', 30] }, passes: false }],
        },
      ])
      expect(steps.at(-1)).toMatchObject({ step: 'filter', verdict: 'stops', code: 'filtered' })

      const tried = await explain({
        subscriptionArn,
        message,
        filterPolicy: JSON.stringify({ weightKg: [{ numeric: ['<=', 50] }] }),
      })
      expect(tried.passes).toBe(true)
      const refused = await ask({ subscriptionArn, message, filterPolicy: '{"a":[{"numeric":[]}]}' })
      expect(refused).toMatchObject({ status: 400, answer: { error: expect.stringContaining('Invalid member') } })
      expect((await explain({ subscriptionArn, message })).passes).toBe(false)
      expect((await ask({ subscriptionArn: `${subscriptionArn}x`, message })).status).toBe(404)
    })

    test('S44 names everything else that keeps a message away', async () => {
      const topic = await newTopic('t')
      const { arn, url } = await simulator.newQueue('q')
      const raw = await subscribe(topic, arn, { RawMessageDelivery: 'true' })
      const question = { subscriptionArn: raw, message: 'm' }
      expect(codes(await explain(question))).toEqual(['taken', 'confirmed', 'no-policy', 'exists', 'policy-denies'])

      const many = Object.fromEntries(
        Array.from({ length: 11 }, (_, at) => [`a${at}`, { DataType: 'String', StringValue: 'x' }]),
      )
      expect(codes(await explain({ ...question, messageAttributes: many }))).toContain('too-many-attributes')
      expect(await explain({ ...question, message: '' })).toMatchObject({
        passes: false,
        steps: [{ step: 'topic', verdict: 'stops' }],
      })
      expect(codes(await explain({ ...question, publishedAt: 1 }))).toContain('made-later')
      const waiting = await subscribe(topic, 'http://127.0.0.1:9/none', {}, 'http')
      expect(await explain({ ...question, subscriptionArn: waiting })).toMatchObject({
        passes: false,
        steps: expect.arrayContaining([expect.objectContaining({ code: 'pending', verdict: 'stops' })]),
      })

      const fifo = await newTopic('t.fifo', { FifoTopic: 'true' })
      const ordered = await simulator.newQueue('q.fifo', { FifoQueue: 'true' })
      const inOrder = await subscribe(fifo, ordered.arn, { RawMessageDelivery: 'true' })
      expect(await explain({ subscriptionArn: inOrder, message: 'm' })).toMatchObject({
        passes: false,
        steps: [{ text: expect.stringContaining('MessageGroupId') }],
      })
      expect((await explain({ subscriptionArn: inOrder, message: 'm', messageGroupId: 'g' })).passes).toBe(true)

      const publish = async () =>
        (await simulator.sns.send(new PublishCommand({ TopicArn: topic, Message: 'm' }))).MessageId
      const there = await publish()
      expect(codes(await explain({ ...question, messageId: there }))).toContain('there-visible')
      await fetch(`${simulator.url}/_faultline/faults`, {
        method: 'POST',
        body: JSON.stringify({ id: 'hole', type: 'lost-leg', queue: 'q' }),
      })
      const lost = await publish()
      const { steps } = await explain({ ...question, messageId: lost })
      expect(steps.filter(({ step }) => step === 'fault')).toMatchObject([
        { code: 'lost-leg-in-force', text: expect.stringContaining('1 so far') },
        { code: 'lost-leg', verdict: 'stops' },
      ])
      await simulator.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
      expect(codes(await explain({ ...question, messageId: there, publishedAt: 1 }))).toContain('purged')
      await simulator.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
      expect(codes(await explain(question)).at(-1)).toBe('deleted')
    })

    test('S45 shows all that is declared with exact counts, and pages of messages, without touching them', async () => {
      const topic = await newTopic('t')
      const { arn } = await simulator.newQueue('q', { VisibilityTimeout: '7' })
      await subscribe(topic, arn, { RawMessageDelivery: 'true', FilterPolicy: '{"k":["v"]}' })
      await subscribe(topic, arn.replace(':q', ':other'))
      const MessageAttributes = { k: { DataType: 'String', StringValue: 'v' } }
      for (const Message of ['one', 'two', 'three'])
        await simulator.sns.send(new PublishCommand({ TopicArn: topic, Message, MessageAttributes }))
      const look = async () => (await fetch(`${simulator.url}/_faultline/queues`)).json()
      const before = await look()
      expect(before).toMatchObject({
        queues: [{ arn, attributes: { VisibilityTimeout: '7' }, visible: 3, inFlight: 0, delayed: 0 }],
        topics: [{ arn: topic }],
        subscriptions: expect.arrayContaining([
          expect.objectContaining({ endpoint: arn, pending: false, topicArn: topic }),
        ]),
        total: { queues: 1, topics: 1, subscriptions: 2 },
      })
      const page = await fetch(`${simulator.url}/_faultline/queues/q/messages?offset=1&limit=1&body=2`)
      expect(await page.json()).toMatchObject({ messages: [{ body: 'tw', bodyCharacters: 3, receiveCount: 0 }] })
      expect((await fetch(`${simulator.url}/_faultline/queues/q/messages?offset=-1`)).status).toBe(400)
      const { now: _before, ...same } = before
      expect(await look()).toMatchObject(same)
    })
  })
}
