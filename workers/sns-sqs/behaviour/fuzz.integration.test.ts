import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RedisServer, redisMissing, startRedis } from '../../../test/redis.ts'
import { snsActions } from '../actions/sns/actions.ts'
import { sqsActions } from '../actions/sqs/actions.ts'
import { redisStore } from '../stores/redis.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

const urls = ['/123456789012/q', '/123456789012/f.fifo', '/1/2/3', 'http://', '', 'q']
const arns = ['arn:aws:sqs:us-east-1:123456789012:q', 'arn:aws:sns:us-east-1:123456789012:t', 'arn:::::', 'x']
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(
      ...urls,
      ...arns,
      null,
      true,
      -1,
      0,
      1,
      11,
      1e300,
      '1',
      '-1',
      '{}',
      '{"a":[{"prefix":1}]}',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.double(),
    fc.array(tie('any'), { maxLength: 12 }),
    fc.dictionary(tie('name') as fc.Arbitrary<string>, tie('any'), { maxKeys: 5 }),
  ),
  name: fc.constantFrom(
    'Id',
    'MessageBody',
    'ReceiptHandle',
    'DataType',
    'StringValue',
    'a',
    '__proto__',
    'VisibilityTimeout',
    'Name',
    'Value',
  ),
})).any
const fields = [
  'QueueUrl',
  'QueueName',
  'MessageBody',
  'Entries',
  'Attributes',
  'AttributeNames',
  'ReceiptHandle',
  'MessageAttributes',
  'Tags',
  'TagKeys',
  'SourceArn',
  'TaskHandle',
  'MessageGroupId',
  'MessageDeduplicationId',
  'MaxNumberOfMessages',
  'DelaySeconds',
  'MessageSystemAttributes',
  'Label',
  'Actions',
  'NextToken',
]
const jsonInput = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 6 })
const formFields = [
  'QueueUrl',
  'TopicArn',
  'Name',
  'Message',
  'Subject',
  'Attributes.entry.1.key',
  'Attributes.entry.1.value',
  'Attributes.entry',
  'MessageAttributes.entry.1.Name',
  'MessageAttributes.entry.1.Value.DataType',
  'MessageAttributes.entry.1.Value.StringValue',
  'PublishBatchRequestEntries.member.1.Id',
  'Protocol',
  'Endpoint',
  'Token',
  'SubscriptionArn',
  'AttributeName',
  'AttributeValue',
  'Tags.member.1.Key',
  'SendMessageBatchRequestEntry.1.Id',
  'Entries.1',
  'Attribute.1.Name',
  'Attribute.x',
  'ResourceArn',
  'PhoneNumber',
  'TargetArn',
  'MessageStructure',
  'NextToken',
  'PlatformApplicationArn',
]
const formText = fc.oneof(
  fc.constantFrom(...arns, ...urls, 'FilterPolicy', 'RedrivePolicy', 'DeliveryPolicy', 'sqs', 'http', 'json'),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const formInput = fc.dictionary(fc.constantFrom(...formFields), formText, { maxKeys: 8 })

/** Requests that wait or empty would only slow this down. */
const sqsNames = [...sqsActions.keys(), 'Nothing', '']
const snsNames = [...snsActions.keys(), 'Nothing', '']

const request = fc.oneof(
  fc.record({ kind: fc.constant('json' as const), action: fc.constantFrom(...sqsNames), input: jsonInput }),
  fc.record({
    kind: fc.constant('form' as const),
    action: fc.constantFrom(...sqsNames, ...snsNames),
    input: formInput,
  }),
  fc.record({
    kind: fc.constant('bytes' as const),
    action: fc.constantFrom(...sqsNames),
    input: fc.uint8Array({ maxLength: 200 }),
  }),
)

async function ask(
  simulator: TestSimulator,
  one: typeof request extends fc.Arbitrary<infer T> ? T : never,
): Promise<{ status: number; text: string }> {
  if (one.kind === 'form') return simulator.form({ ...one.input, Action: one.action })
  const body = one.kind === 'json' ? JSON.stringify({ ...one.input, WaitTimeSeconds: 0 }) : Buffer.from(one.input)
  const headers: Record<string, string> =
    one.kind === 'bytes' && one.action === '' ? {} : { 'X-Amz-Target': `AmazonSQS.${one.action}` }
  const answer = await fetch(simulator.url, { method: 'POST', headers, body })
  return { status: answer.status, text: await answer.text() }
}

/** `FAULTLINE_TEST_MALFORMED=100000` sends so many requests to each store. */
const malformedOr = (usual: number): number => Number(process.env.FAULTLINE_TEST_MALFORMED ?? usual)

function answersWhateverIsSent(store: string, requests: number, open: () => Promise<TestSimulator>): void {
  describe(store, () => {
    let simulator: TestSimulator
    beforeAll(async () => {
      simulator = await open()
      await simulator.newQueue('q')
      await simulator.newQueue('f.fifo', { FifoQueue: 'true' })
      await simulator.form({ Action: 'CreateTopic', Name: 't' })
    })
    afterAll(() => simulator.close())

    test(
      `S60 ${store}: whatever is sent is answered, by an AWS error if it is wrong, and memory stays bounded`,
      async () => {
        const before = process.memoryUsage().heapUsed
        const property = fc.asyncProperty(request, async (one) => {
          const { status, text } = await ask(simulator, one)
          expect(status, `${JSON.stringify(one)} → ${text}`).toBeLessThan(500)
          if (status === 200) return
          expect(text).toMatch(/"__type":"com\.amazon|<Code>[A-Za-z.]+<\/Code>/)
        })
        await fc.assert(property, { numRuns: requests })
        expect(process.memoryUsage().heapUsed - before).toBeLessThan(300_000_000)
        expect((await fetch(`${simulator.url}/_faultline/health`)).status).toBe(200)
      },
      Math.max(180_000, requests * 60),
    )
  })
}

answersWhateverIsSent('memory', malformedOr(4_000), () => testSimulator())

const missing = await redisMissing('malformed requests with Redis')
describe.skipIf(missing)('with Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())
  answersWhateverIsSent('redis', malformedOr(1_000), () => {
    const namespace = randomUUID()
    return testSimulator({
      store: ({ aheadMs }) =>
        redisStore({ url: redis.url, namespace, aheadMs, answerWithinMs: 15_000, patienceMs: 15_000 }),
    })
  })
})
