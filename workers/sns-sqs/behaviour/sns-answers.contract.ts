import {
  ConfirmSubscriptionCommand,
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  DeleteEndpointCommand,
  DeleteTopicCommand,
  GetEndpointAttributesCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clientSettings, type TestSimulator } from './simulator.contract.ts'

const refusal = (message: string) => ({ name: 'InvalidParameterException', message: `Invalid parameter: ${message}` })

/** Answers that AWS gives where its documentation leaves room: which error comes, and how what was set is shown. */
export function snsAnswersContract(name: string, start: () => Promise<TestSimulator>): void {
  describe(`SNS, its answers: ${name}`, () => {
    let simulator: TestSimulator
    beforeEach(async () => {
      simulator = await start()
    })
    afterEach(() => simulator.close())

    const newTopic = async (Name: string, Attributes: Record<string, string> = {}) =>
      (await simulator.sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? ''
    const attributesOf = async (TopicArn: string) =>
      (await simulator.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {}
    const subscribe = (TopicArn: string, Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
      simulator.sns.send(
        new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
      )
    const publish = (TopicArn: string, Message: string, more: object = {}) =>
      simulator.sns.send(new PublishCommand({ TopicArn, Message, ...more }))

    test('S38 a topic is reached in its own region only', async () => {
      const TopicArn = await newTopic('t')
      const elsewhere = new SNSClient(clientSettings(simulator.url, 'test', 'eu-west-1'))
      const { arn: Endpoint } = await simulator.newQueue('q')
      const entries = [{ Id: '1', Message: 'x' }]
      const attempts = [
        () => elsewhere.send(new GetTopicAttributesCommand({ TopicArn })),
        () =>
          elsewhere.send(
            new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' }),
          ),
        () => elsewhere.send(new PublishCommand({ TopicArn, Message: 'x' })),
        () => elsewhere.send(new PublishCommand({ TargetArn: TopicArn, Message: 'x' })),
        () => elsewhere.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries })),
        () => elsewhere.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint })),
        () => elsewhere.send(new ListSubscriptionsByTopicCommand({ TopicArn })),
        () => elsewhere.send(new DeleteTopicCommand({ TopicArn })),
      ]
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refusal('TopicArn'))
      elsewhere.destroy()
      expect(await attributesOf(TopicArn)).toMatchObject({ DisplayName: '' })
    })

    test('S38 a name that is none; booleans in letters of any size', async () => {
      await expect(newTopic('')).rejects.toMatchObject(refusal('Topic Name'))
      const arn = await newTopic('t.fifo', { FifoTopic: 'True', ContentBasedDeduplication: 'False' })
      expect(await attributesOf(arn)).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'false' })
      const set = { TopicArn: arn, AttributeName: 'ContentBasedDeduplication', AttributeValue: 'True' }
      await simulator.sns.send(new SetTopicAttributesCommand(set))
      expect(await attributesOf(arn)).toMatchObject({ ContentBasedDeduplication: 'true' })
    })

    test("S38 a topic's delivery policy is shown whole, without what says nothing", async () => {
      const arn = await newTopic('t')
      const set = (policy: unknown) =>
        simulator.sns.send(
          new SetTopicAttributesCommand({
            TopicArn: arn,
            AttributeName: 'DeliveryPolicy',
            AttributeValue: policy === '' ? '' : JSON.stringify({ http: policy }),
          }),
        )
      const shown = async () => JSON.parse((await attributesOf(arn)).DeliveryPolicy ?? 'null')
      await set({ defaultRequestPolicy: { headerContentType: 'application/json' } })
      expect(await shown()).toEqual({
        http: {
          disableSubscriptionOverrides: false,
          defaultRequestPolicy: { headerContentType: 'application/json' },
        },
      })
      await set({ defaultHealthyRetryPolicy: null })
      expect(await shown()).toEqual({ http: { disableSubscriptionOverrides: false } })
      await set('')
      expect(await shown()).toBeNull()
      const none = { TopicArn: arn, AttributeName: 'DeliveryPolicy', AttributeValue: 'null' }
      await expect(simulator.sns.send(new SetTopicAttributesCommand(none))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      })
      expect(await shown()).toBeNull()
    })

    test('S35 an HTTP subscription shows its delivery policy and what holds after that of its topic', async () => {
      const json = { http: { defaultRequestPolicy: { headerContentType: 'application/json' } } }
      const arn = await newTopic('t', { DeliveryPolicy: JSON.stringify(json) })
      const healthyRetryPolicy = { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 0 }
      // Nobody listens at this port; the confirmation goes nowhere.
      const { SubscriptionArn } = await subscribe(arn, 'http', 'http://127.0.0.1:9/x', {
        DeliveryPolicy: JSON.stringify({ healthyRetryPolicy, throttlePolicy: { maxReceivesPerSecond: 10 } }),
      })
      const { Attributes = {} } = await simulator.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      const rest = { sicklyRetryPolicy: null, throttlePolicy: { maxReceivesPerSecond: 10 }, guaranteed: false }
      expect(JSON.parse(Attributes.DeliveryPolicy ?? '')).toEqual({ healthyRetryPolicy, requestPolicy: null, ...rest })
      expect(JSON.parse(Attributes.EffectiveDeliveryPolicy ?? '')).toMatchObject({
        healthyRetryPolicy: { ...healthyRetryPolicy, backoffFunction: 'linear' },
        requestPolicy: { headerContentType: 'application/json' },
        ...rest,
      })
    })

    test('S38 what no subscription is called is distinguished from one that is not there', async () => {
      const arn = await newTopic('t')
      const get = (SubscriptionArn: string) =>
        simulator.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      const end = (SubscriptionArn: string) => simulator.sns.send(new UnsubscribeCommand({ SubscriptionArn }))
      await expect(get(`${arn}:none`)).rejects.toMatchObject(refusal('SubscriptionId'))
      await expect(end(arn)).rejects.toMatchObject(refusal('SubscriptionId'))
      await expect(end('')).rejects.toMatchObject(refusal('SubscriptionArn Reason: no value for required parameter'))
      const gone = `${arn}:0f7d5971-aa8b-4bd5-b585-0826e9f93a66`
      await expect(get(gone)).rejects.toMatchObject({ name: 'NotFoundException' })
      await end(gone)
    })

    test('S35 an unknown token is wrong where the topic is there, else the topic is not found', async () => {
      const arn = await newTopic('t')
      const confirm = (TopicArn: string) =>
        simulator.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'a1'.repeat(64) }))
      await expect(confirm(arn)).rejects.toMatchObject(refusal('Token'))
      await expect(confirm(`${arn}-none`)).rejects.toMatchObject({ name: 'NotFoundException' })
    })

    test('S35 a token confirms whatever the topic is called, in the region that it is of', async () => {
      const arn = await newTopic('t')
      const { SubscriptionArn } = await subscribe(arn, 'email', 'a@example.com')
      const { deliveries } = await (await fetch(`${simulator.url}/_faultline/sns/deliveries`)).json()
      const { Token } = JSON.parse(deliveries[0].message)
      const confirm = async (TopicArn: string) =>
        (await simulator.form({ Action: 'ConfirmSubscription', TopicArn, Token })).text
      expect(await confirm('arn:aws:sns')).toContain('<Message>Invalid parameter: Topic</Message>')
      expect(await confirm(arn.replace('us-east-1', 'eu-west-1'))).toContain('Invalid parameter: Topic</Message>')
      expect(await confirm(`${arn}-other`)).toContain(`<SubscriptionArn>${SubscriptionArn}</SubscriptionArn>`)
      expect(await confirm(arn)).toContain(`<SubscriptionArn>${SubscriptionArn}</SubscriptionArn>`)
    })

    test('S38 a wrong boolean comes back as it was given', async () => {
      const { arn: queue } = await simulator.newQueue('q')
      const { SubscriptionArn } = await subscribe(await newTopic('t'), 'sqs', queue)
      const set = new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: 'RawMessageDelivery',
        AttributeValue: 'yEs',
      })
      await expect(simulator.sns.send(set)).rejects.toMatchObject(
        refusal('RawMessageDelivery: Invalid value [yEs]. Must be true or false.'),
      )
    })

    test('S33 between FIFO topic and FIFO queue, dead letters go to a FIFO queue', async () => {
      const topic = await newTopic('t.fifo', { FifoTopic: 'true' })
      const { arn: fifo } = await simulator.newQueue('q.fifo', { FifoQueue: 'true' })
      const { arn: standard } = await simulator.newQueue('s')
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: standard })
      await expect(subscribe(topic, 'sqs', fifo, { RedrivePolicy })).rejects.toMatchObject(
        refusal(
          'Attributes Reason: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
        ),
      )
      await subscribe(topic, 'sqs', standard, { RedrivePolicy })
    })

    test('S34 ids and structures that are wrong fail a batch whole, an entry says where it is', async () => {
      const topic = await newTopic('t')
      const ordered = await newTopic('t.fifo', { FifoTopic: 'true' })
      const batch = (TopicArn: string, entry: object) =>
        simulator.sns.send(
          new PublishBatchCommand({
            TopicArn,
            PublishBatchRequestEntries: [
              { Id: '1', Message: '{"default":"x"}', MessageGroupId: 'g' },
              { Id: '2', Message: '{"sqs":"x"}', MessageGroupId: 'g', ...entry },
            ],
          }),
        )
      await expect(batch(topic, { MessageStructure: 'json' })).rejects.toMatchObject(
        refusal('Message Structure - No default entry in JSON message body'),
      )
      await expect(batch(ordered, {})).rejects.toMatchObject(
        refusal(
          'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
        ),
      )
      const untyped = { MessageAttributes: { a: { StringValue: 'x' } } }
      await expect(batch(topic, untyped)).rejects.toMatchObject({
        message: expect.stringContaining("'publishBatchRequestEntries.2.member.messageAttributes.a.member.dataType'"),
      })
      const { Failed } = await batch(topic, { Message: '' })
      expect(Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameter' }])
    })

    test('S37 a device that is gone cannot be subscribed; one that is off is reported before its message is read', async () => {
      const application = new CreatePlatformApplicationCommand({
        Name: 'app',
        Platform: 'GCM',
        Attributes: { PlatformCredential: 'key' },
      })
      const { PlatformApplicationArn } = await simulator.sns.send(application)
      const device = { PlatformApplicationArn, Token: 'token', Attributes: { Enabled: 'false' } }
      const { EndpointArn = '' } = await simulator.sns.send(new CreatePlatformEndpointCommand(device))
      const unreadable = { TargetArn: EndpointArn, Message: 'no json', MessageStructure: 'json' }
      await expect(simulator.sns.send(new PublishCommand(unreadable))).rejects.toMatchObject({
        name: 'EndpointDisabledException',
        message: 'Endpoint is disabled',
      })
      const topic = await newTopic('t')
      await subscribe(topic, 'application', EndpointArn)
      await simulator.sns.send(new DeleteEndpointCommand({ EndpointArn }))
      const other = await newTopic('u')
      await expect(subscribe(other, 'application', EndpointArn)).rejects.toMatchObject(
        refusal(`Endpoint Reason: Endpoint does not exist for endpoint arn${EndpointArn}`),
      )
    })

    test('S37 names of applications and attributes of devices are checked; user data among the attributes goes first', async () => {
      const make = (Name: string) =>
        simulator.sns.send(new CreatePlatformApplicationCommand({ Name, Platform: 'ADM', Attributes: { a: 'b' } }))
      await expect(make('')).rejects.toMatchObject(refusal(' Reason: cannot be empty'))
      await expect(make('a b')).rejects.toMatchObject({ message: expect.stringContaining('must contain only') })
      const { PlatformApplicationArn } = await make('app')
      const add = (Attributes: Record<string, string>) =>
        simulator.sns.send(
          new CreatePlatformEndpointCommand({
            PlatformApplicationArn,
            Token: 'token',
            CustomUserData: 'beside',
            Attributes,
          }),
        )
      await expect(add({ Color: 'red' })).rejects.toMatchObject(
        refusal('Attributes Reason: Invalid attribute name: Color'),
      )
      await expect(add({ CustomUserData: 'ä'.repeat(1_025) })).rejects.toMatchObject({
        message: expect.stringContaining('CustomUserData: must be at most 2048 bytes long'),
      })
      const { EndpointArn } = await add({ CustomUserData: 'among' })
      const { Attributes } = await simulator.sns.send(new GetEndpointAttributesCommand({ EndpointArn }))
      expect(Attributes).toEqual({ Enabled: 'true', Token: 'token', CustomUserData: 'among' })
    })

    test('S26 the trace of a publication goes along with the messages of its queues', async () => {
      const topic = await newTopic('t')
      const { url, arn: queue } = await simulator.newQueue('q')
      await subscribe(topic, 'sqs', queue)
      const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793'
      await simulator.form({ Action: 'Publish', TopicArn: topic, Message: 'x' }, '/', { 'X-Amzn-Trace-Id': trace })
      const [traced] = await simulator.receive(url, { WaitTimeSeconds: 10 })
      expect(traced?.Attributes?.AWSTraceHeader).toBe(trace)
      await publish(topic, 'y')
      const [plain] = await simulator.receive(url, { WaitTimeSeconds: 10 })
      expect(plain?.Attributes).not.toHaveProperty('AWSTraceHeader')
    })
  })
}
