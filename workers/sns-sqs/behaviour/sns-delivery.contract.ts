import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { expect, test } from 'vitest'
import type { SnsBench } from './sns-bench.contract.ts'

/** What a topic delivers: S30 to S36 and S40. */
export function snsDeliveryRules(bench: SnsBench): void {
  const { newTopic, subscribe, publish, text, deliveries } = bench

  test('S30 a FIFO topic delivers once, in order, to FIFO and standard queues', async () => {
    const topic = await newTopic('t.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' })
    const fifo = await bench.simulator.newQueue('q.fifo', { FifoQueue: 'true' })
    const standard = await bench.simulator.newQueue('s')
    await subscribe(topic, fifo.arn, { RawMessageDelivery: 'true' })
    await subscribe(topic, standard.arn)
    const sent = await publish(topic, '1', { MessageGroupId: 'g' })
    expect(sent.SequenceNumber).toMatch(/^\d{20}$/)
    const again = await publish(topic, '1', { MessageGroupId: 'g' })
    expect([again.MessageId, again.SequenceNumber]).toEqual([sent.MessageId, sent.SequenceNumber])
    const entries = ['2', '3'].map((Message) => ({ Id: Message, Message, MessageGroupId: 'g' }))
    const { Successful = [] } = await bench.simulator.sns.send(
      new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: entries }),
    )
    expect(Successful.every(({ SequenceNumber = '' }) => SequenceNumber > (sent.SequenceNumber ?? ''))).toBe(true)
    const got = await bench.simulator.receive(fifo.url)
    expect(got.map(({ Body }) => Body)).toEqual(['1', '2', '3'])
    expect(got[0]?.Attributes?.MessageGroupId).toBe('g')
    const envelopes = (await bench.simulator.receive(standard.url)).map(({ Body = '' }) => JSON.parse(Body))
    expect(envelopes.map(({ Message }) => Message).sort()).toEqual(['1', '2', '3'])
    expect(envelopes[0]).toMatchObject({ SequenceNumber: expect.stringMatching(/^\d{20}$/) })
    expect(envelopes[0].Signature).toBeUndefined()
    await expect(publish(topic, 'x')).rejects.toMatchObject({
      message: expect.stringContaining('MessageGroupId parameter is required'),
    })
    const plain = await newTopic('plain')
    await expect(subscribe(plain, fifo.arn)).rejects.toMatchObject({
      message: expect.stringContaining('FIFO SQS Queues can not be'),
    })
  })

  test('S31 dotted keys of a policy match nested and flat bodies', async () => {
    const topic = await newTopic('t')
    const { url, arn } = await bench.simulator.newQueue('q')
    const FilterPolicy = JSON.stringify({ 'order.state': ['paid'] })
    await subscribe(topic, arn, { RawMessageDelivery: 'true', FilterPolicyScope: 'MessageBody', FilterPolicy })
    for (const body of [{ order: { state: 'paid' } }, { 'order.state': 'paid' }, { order: { state: 'open' } }]) {
      await publish(topic, JSON.stringify(body))
    }
    expect((await bench.simulator.receive(url)).map(({ Body }) => Body)).toEqual([
      '{"order":{"state":"paid"}}',
      '{"order.state":"paid"}',
    ])
  })

  test('S32 eleven attributes go into an envelope; raw delivery has ten and the rest are dead letters', async () => {
    const topic = await newTopic('t')
    const wrapped = await bench.simulator.newQueue('wrapped')
    const raw = await bench.simulator.newQueue('raw')
    const dead = await bench.simulator.newQueue('dead')
    await subscribe(topic, wrapped.arn)
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn })
    await subscribe(topic, raw.arn, { RawMessageDelivery: 'true', RedrivePolicy })
    const MessageAttributes = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, text('x')]))
    await publish(topic, 'many', { MessageAttributes })
    const [got] = await bench.simulator.receive(wrapped.url)
    expect(Object.keys(JSON.parse(got?.Body ?? '{}').MessageAttributes)).toHaveLength(11)
    expect(await bench.simulator.receive(raw.url)).toEqual([])
    expect((await bench.simulator.receive(dead.url)).map(({ Body }) => Body)).toEqual(['many'])
  })

  test('S33 a subscription to a queue that is gone gives up to its dead-letter queue', async () => {
    const topic = await newTopic('t')
    const dead = await bench.simulator.newQueue('dead')
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn })
    await subscribe(topic, 'arn:aws:sqs:us-east-1:123456789012:nowhere', {
      RedrivePolicy,
      RawMessageDelivery: 'true',
    })
    await publish(topic, 'lost')
    expect((await bench.simulator.receive(dead.url)).map(({ Body }) => Body)).toEqual(['lost'])
    expect(await deliveries()).toMatchObject([
      { protocol: 'sqs', status: 'failed', outcome: expect.stringContaining('does not exist') },
    ])
  })

  test('S34 one text per protocol, subjects and empty messages', async () => {
    const topic = await newTopic('t')
    const { url, arn } = await bench.simulator.newQueue('q')
    await subscribe(topic, arn, { RawMessageDelivery: 'true' })
    await publish(topic, JSON.stringify({ default: 'd', sqs: 's' }), { MessageStructure: 'json' })
    expect((await bench.simulator.receive(url)).map(({ Body }) => Body)).toEqual(['s'])
    const refused: [Promise<unknown>, string][] = [
      [publish(topic, '{"sqs":"s"}', { MessageStructure: 'json' }), 'No default entry'],
      [publish(topic, '{', { MessageStructure: 'json' }), 'failed to parse'],
      [publish(topic, 'x', { Subject: '' }), 'Subject'],
      [publish(topic, 'x', { Subject: 'two\nlines' }), 'Subject'],
      [publish(topic, 'x', { Subject: 'x'.repeat(101) }), 'Subject'],
      [publish(topic, ''), 'Empty message'],
      [publish(topic, 'x', { MessageAttributes: { a: text('') } }), 'non-empty message attribute value'],
      [publish('not an arn', 'x'), 'An ARN must have at least 6 elements, not 1'],
    ]
    for (const [call, message] of refused)
      await expect(call).rejects.toMatchObject({ message: expect.stringContaining(message) })
  })

  test('S35 an HTTP endpoint is asked to confirm, then called with the delivery headers, and again after a 500', async () => {
    const seen: { headers: Record<string, unknown>; body: string }[] = []
    let failures = 1
    const endpoint = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        seen.push({ headers: request.headers, body })
        const notification = request.headers['x-amz-sns-message-type'] === 'Notification'
        response.writeHead(notification && failures-- > 0 ? 500 : 200).end()
      })
    })
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
    try {
      const Endpoint = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`
      const topic = await newTopic('t')
      const subscribed = await bench.simulator.sns.send(
        new SubscribeCommand({ TopicArn: topic, Protocol: 'http', Endpoint }),
      )
      expect(subscribed.SubscriptionArn).toBe('pending confirmation')
      await expect.poll(() => seen.length).toBe(1)
      const asked = JSON.parse(seen[0]?.body ?? '{}')
      expect(asked).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn: topic, SignatureVersion: '1' })
      await publish(topic, 'not yet')
      expect((await fetch(asked.SubscribeURL)).status).toBe(200)
      const [subscription] =
        (await bench.simulator.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }))).Subscriptions ?? []
      const again = await bench.simulator.sns.send(
        new ConfirmSubscriptionCommand({ TopicArn: topic, Token: asked.Token }),
      )
      expect(again.SubscriptionArn).toBe(subscription?.SubscriptionArn)
      await bench.simulator.sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: subscription?.SubscriptionArn,
          AttributeName: 'DeliveryPolicy',
          AttributeValue: JSON.stringify({
            healthyRetryPolicy: { numRetries: 2, minDelayTarget: 600, maxDelayTarget: 600 },
          }),
        }),
      )
      const { MessageId } = await publish(topic, 'now')
      await expect.poll(() => seen.length).toBe(2)
      await expect
        .poll(async () => (await deliveries())[0])
        .toMatchObject({ status: 'waiting', attempts: 1, outcome: '500' })
      await bench.simulator.advance(600_000)
      await expect.poll(async () => (await deliveries())[0]).toMatchObject({ status: 'delivered', attempts: 2 })
      expect(seen[2]?.headers).toMatchObject({
        'x-amz-sns-message-type': 'Notification',
        'x-amz-sns-message-id': MessageId,
        'x-amz-sns-topic-arn': topic,
        'x-amz-sns-subscription-arn': subscription?.SubscriptionArn,
        'content-type': 'text/plain; charset=UTF-8',
      })
      expect(JSON.parse(seen[2]?.body ?? '{}')).toMatchObject({ Message: 'now', MessageId })
    } finally {
      endpoint.close()
    }
  })

  test('S36 mail, text messages, functions and devices are recorded', async () => {
    const topic = await newTopic('t')
    await subscribe(topic, '+15551234567', {}, 'sms')
    await subscribe(topic, 'arn:aws:lambda:us-east-1:123456789012:function:f', {}, 'lambda')
    await subscribe(topic, 'someone@example.com', {}, 'email')
    const [asked] = await deliveries()
    await bench.simulator.sns.send(
      new ConfirmSubscriptionCommand({ TopicArn: topic, Token: JSON.parse(asked.message).Token }),
    )
    await publish(topic, 'hello')
    const found = (await deliveries()).filter(({ type }: { type: string }) => type === 'Notification')
    expect(found.map(({ protocol }: { protocol: string }) => protocol).sort()).toEqual(['email', 'lambda', 'sms'])
    const event = found.find(({ protocol }: { protocol: string }) => protocol === 'lambda')
    expect(JSON.parse(event.message).Records[0]).toMatchObject({ EventSource: 'aws:sns', Sns: { Message: 'hello' } })
    await expect(subscribe(topic, 'x', {}, 'sms')).rejects.toMatchObject({ message: 'Invalid SMS endpoint: x' })
    await expect(subscribe(topic, 'x', {}, 'pigeon')).rejects.toMatchObject({
      message: expect.stringContaining('does not support this protocol string'),
    })
  })

  test('S40 queues of other accounts and regions are delivered to', async () => {
    const topic = await newTopic('t')
    const headers = {
      Authorization:
        'AWS4-HMAC-SHA256 Credential=111111111111/20260101/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    }
    await bench.simulator.form({ Action: 'CreateQueue', QueueName: 'far' }, '/', headers)
    await subscribe(topic, 'arn:aws:sqs:eu-west-1:111111111111:far', { RawMessageDelivery: 'true' })
    await publish(topic, 'far away')
    expect((await bench.simulator.form({ Action: 'ReceiveMessage' }, '/111111111111/far', headers)).text).toContain(
      '<Body>far away</Body>',
    )
  })
}
