import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestSimulator } from './simulator.contract.ts'

/** What SNS keeps of the past: subscriptions that ended, messages that were published. On any store. */
export function snsHistoryContract(name: string, start: () => Promise<TestSimulator>): void {
  describe(`SNS, the past: ${name}`, () => {
    let simulator: TestSimulator
    beforeEach(async () => {
      simulator = await start()
    })
    afterEach(() => simulator.close())

    const archived = { FifoTopic: 'true', ArchivePolicy: '{"MessageRetentionPeriod":"30"}' }
    const newTopic = async (Name: string, Attributes: Record<string, string> = {}) =>
      (await simulator.sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? ''
    const publish = (TopicArn: string, Message: string, more: object = {}) =>
      simulator.sns.send(
        new PublishCommand({ TopicArn, Message, MessageGroupId: 'g', MessageDeduplicationId: Message, ...more }),
      )
    const subscribe = (TopicArn: string, Endpoint: string, Attributes: Record<string, string> = {}, Protocol = 'sqs') =>
      simulator.sns.send(
        new SubscribeCommand({ TopicArn, Endpoint, Attributes, Protocol, ReturnSubscriptionArn: true }),
      )
    const subscriptionsOf = async (TopicArn: string) =>
      (await simulator.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? []
    const setPolicy = (SubscriptionArn: string | undefined, policy: object) =>
      simulator.sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn,
          AttributeName: 'ReplayPolicy',
          AttributeValue: JSON.stringify(policy),
        }),
      )
    const fromTheStart = { PointType: 'Timestamp', StartingPoint: '1970-01-01T00:00:00.000Z' }

    test('S41 an HTTP endpoint is notified that its subscription ended, and has it back with the token for two days', async () => {
      const seen: { type: unknown; subscription: unknown; encodings: unknown; body: Record<string, string> }[] = []
      const endpoint = createServer((request, response) => {
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          const { 'x-amz-sns-message-type': type, 'x-amz-sns-subscription-arn': subscription } = request.headers
          seen.push({ type, subscription, encodings: request.headers['accept-encoding'], body: JSON.parse(body) })
          response.end()
        })
      })
      await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
      try {
        const TopicArn = await newTopic('t')
        const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`
        const { SubscriptionArn = '' } = await subscribe(TopicArn, url, {}, 'http')
        await expect.poll(() => seen.length).toBe(1)
        await simulator.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: seen[0]?.body.Token }))
        await simulator.sns.send(new UnsubscribeCommand({ SubscriptionArn }))
        expect(await subscriptionsOf(TopicArn)).toEqual([])
        await expect.poll(() => seen.length).toBe(2)
        expect(seen[1]).toMatchObject({
          type: 'UnsubscribeConfirmation',
          subscription: SubscriptionArn,
          encodings: 'gzip,deflate',
          body: { Type: 'UnsubscribeConfirmation', TopicArn, Message: expect.stringContaining(SubscriptionArn) },
        })
        expect((await fetch(seen[1]?.body.SubscribeURL ?? '')).status).toBe(200)
        expect(await subscriptionsOf(TopicArn)).toMatchObject([{ SubscriptionArn, Endpoint: url }])
        await simulator.sns.send(new UnsubscribeCommand({ SubscriptionArn }))
        await expect.poll(() => seen.length).toBe(3)
        await simulator.advance(172_800_000)
        const late = new ConfirmSubscriptionCommand({ TopicArn, Token: seen[2]?.body.Token })
        await expect(simulator.sns.send(late)).rejects.toMatchObject({ message: 'Invalid parameter: Token' })
      } finally {
        endpoint.close()
      }
    })

    test('S42 an archive is replayed to a subscription: in order, by time and filter, each message once more', async () => {
      const topic = await newTopic('t.fifo', archived)
      const [first, second] = [
        await simulator.newQueue('a.fifo', { FifoQueue: 'true' }),
        await simulator.newQueue('b.fifo', { FifoQueue: 'true' }),
      ]
      const { SubscriptionArn } = await subscribe(topic, first.arn)
      const kinds = { kind: { DataType: 'String', StringValue: 'wanted' } }
      await publish(topic, '1', { MessageAttributes: kinds, Subject: 'one' })
      await publish(topic, '2')
      await publish(topic, '2')
      await publish(topic, '3', { MessageAttributes: kinds })
      const bodies = (await simulator.receive(first.url)).map(({ Body }) => JSON.parse(Body ?? ''))
      expect(bodies.map(({ Message }) => Message)).toEqual(['1', '2', '3'])

      await setPolicy(SubscriptionArn, fromTheStart)
      await simulator.advance(60_000)
      const again = (await simulator.receive(first.url)).map(({ Body }) => JSON.parse(Body ?? ''))
      expect(again.slice(3)).toEqual(bodies.map((body) => ({ ...body, Replayed: 'true' })))
      const { Attributes } = await simulator.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      expect(Attributes).toMatchObject({ ReplayStatus: 'Completed', ReplayPolicy: JSON.stringify(fromTheStart) })

      const FilterPolicy = JSON.stringify({ kind: ['wanted'] })
      const raw = { RawMessageDelivery: 'true', FilterPolicy, ReplayPolicy: JSON.stringify(fromTheStart) }
      await subscribe(topic, second.arn, raw)
      expect((await simulator.receive(second.url)).map(({ Body }) => Body)).toEqual(['1', '3'])
      await setPolicy(SubscriptionArn, { ...fromTheStart, EndingPoint: '1971-01-01T00:00:00Z' })
      expect(await simulator.receive(first.url)).toEqual([])
    })

    test('S43 policies of archives are checked, shown and ended as AWS does', async () => {
      const topic = await newTopic('t.fifo', archived)
      const attributes = async () =>
        (await simulator.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }))).Attributes ?? {}
      const set = (AttributeValue: string, TopicArn = topic) =>
        simulator.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'ArchivePolicy', AttributeValue }))
      expect(await attributes()).toMatchObject({
        ArchivePolicy: archived.ArchivePolicy,
        BeginningArchiveTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      })
      expect((await simulator.sqs.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined()
      for (const wrong of [
        'x',
        '[]',
        '{"MessageRetentionPeriod":"0"}',
        '{"MessageRetentionPeriod":"366"}',
        '{"a":1}',
      ]) {
        await expect(set(wrong)).rejects.toMatchObject({ name: 'InvalidParameterException' })
      }
      await expect(set('{"MessageRetentionPeriod":"1"}', await newTopic('s'))).rejects.toMatchObject({
        message: expect.stringContaining('FIFO topics'),
      })
      await expect(simulator.sns.send(new DeleteTopicCommand({ TopicArn: topic }))).rejects.toMatchObject({
        name: 'InvalidStateException',
      })
      const queue = await simulator.newQueue('q.fifo', { FifoQueue: 'true' })
      const { SubscriptionArn } = await subscribe(topic, queue.arn)
      for (const wrong of [
        { PointType: 'x' },
        { PointType: 'Timestamp' },
        { ...fromTheStart, EndingPoint: '1960-01-01T00:00Z' },
      ]) {
        await expect(setPolicy(SubscriptionArn, wrong)).rejects.toMatchObject({ name: 'InvalidParameterException' })
      }
      await publish(topic, 'kept-for-a-day')
      await set('{"MessageRetentionPeriod":"1"}')
      await simulator.advance(86_400_001)
      await simulator.receive(queue.url)
      await setPolicy(SubscriptionArn, fromTheStart)
      await simulator.advance(60_000)
      expect(await simulator.receive(queue.url)).toHaveLength(1)
      await set('{}')
      expect(await attributes()).not.toHaveProperty('BeginningArchiveTime')
      await simulator.sns.send(new DeleteTopicCommand({ TopicArn: topic }))
    })
  })
}
