import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { Consumer } from 'sqs-consumer'
import { afterEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { pythonWithBoto3 } from './python.contract.ts'
import { clientSettings, type TestSimulator, testSimulator } from './simulator.contract.ts'

const run = promisify(execFile)

const validatorPath = createRequire(import.meta.url).resolve('sns-validator')

/** Validates each of its arguments but the last, which is where the validator is, in a process that trusts the certificate; prints the message or why not. */
const validate = `
const MessageValidator = require(process.argv.pop())
const validator = new MessageValidator(/^127\\.0\\.0\\.1:\\d+$/)
for (const text of process.argv.slice(1)) {
  validator.validate(JSON.parse(text), (error, message) => console.log(error === null ? message.Message : error.message))
}
`

const { python, programs, missing } = await pythonWithBoto3('the simulator through boto3 and the aws CLI')

let simulator: TestSimulator
afterEach(() => simulator.close())

test('S50 sqs-consumer takes every message, deletes what it handled and sees the others again', async () => {
  simulator = await testSimulator()
  const { url } = await simulator.newQueue('q', { VisibilityTimeout: '1' })
  const handled: string[] = []
  const consumer = Consumer.create({
    queueUrl: url,
    sqs: simulator.sqs,
    waitTimeSeconds: 1,
    batchSize: 5,
    terminateVisibilityTimeout: true,
    handleMessage: async (message) => {
      const { Body = '' } = message
      handled.push(Body)
      if (Body === '3' && handled.filter((one) => one === '3').length === 1) throw new Error('once more')
      return message
    },
  })
  consumer.on('processing_error', () => {})
  consumer.start()
  for (const MessageBody of ['1', '2', '3', '4']) {
    await simulator.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }))
  }
  await expect.poll(() => [...handled].sort(), { timeout: 20_000 }).toEqual(['1', '2', '3', '3', '4'])
  await expect
    .poll(async () => (await simulator.attributesOf(url)).ApproximateNumberOfMessagesNotVisible, { timeout: 20_000 })
    .toBe('0')
  consumer.stop({ abort: true })
  expect((await simulator.attributesOf(url)).ApproximateNumberOfMessages).toBe('0')
})

test.each(['1', '2'])(
  'S51 sns-validator accepts an envelope of signature version %s, and no changed one',
  async (version) => {
    simulator = await testSimulator()
    const { url, arn } = await simulator.newQueue('q')
    const { TopicArn } = await simulator.sns.send(
      new CreateTopicCommand({ Name: 't', Attributes: { SignatureVersion: version } }),
    )
    await simulator.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn }))
    await simulator.sns.send(new PublishCommand({ TopicArn, Message: 'makes the key' }))
    const [plain] = await simulator.receive(url)
    const { SigningCertURL } = JSON.parse(plain?.Body ?? '{}')
    const ca = await (await fetch(SigningCertURL)).text()
    const file = join(await temporaryFolder('certificate'), 'ca.pem')
    writeFileSync(file, ca)
    const secure = simulator.url.replace('http:', 'https:')
    const sns = new SNSClient({ ...clientSettings(secure), requestHandler: { httpsAgent: new Agent({ ca }) } })
    await sns.send(new PublishCommand({ TopicArn, Message: 'signed "text"', Subject: 'a subject' }))
    sns.destroy()
    const [received] = await simulator.receive(url)
    const envelope = JSON.parse(received?.Body ?? '{}')
    expect(envelope).toMatchObject({
      SignatureVersion: version,
      SigningCertURL: expect.stringMatching(/^https:.*\.pem$/),
    })
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: file }
    const validated = async (message: object) =>
      (await run(process.execPath, ['-e', validate, JSON.stringify(message), validatorPath], { env })).stdout.trim()
    expect(await validated(envelope)).toBe('signed "text"')
    expect(await validated({ ...envelope, Message: 'forged' })).toMatch(/signature/i)
  },
)

test('S52 with --verify-signatures a request needs the right secret', async () => {
  simulator = await testSimulator({ secretAccessKey: 'test' })
  expect(await simulator.sqs.send(new ListQueuesCommand({}))).toMatchObject({ $metadata: { httpStatusCode: 200 } })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'another' }
  const wrong = new SQSClient({ ...clientSettings(simulator.url), credentials })
  await expect(wrong.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
    message: expect.stringContaining('does not match'),
  })
  wrong.destroy()
  const unsigned = await simulator.form({ Action: 'ListTopics' })
  expect([unsigned.status, unsigned.text]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')])
})

describe.skipIf(missing)('boto3', () => {
  test.each([
    ['read only', {}],
    ['verified', { secretAccessKey: 'test' }],
  ])('S53 works unchanged, signatures %s', async (_title, options) => {
    simulator = await testSimulator(options)
    const script = join(import.meta.dirname, 'python-client.py')
    const { stdout } = await run(python, [script, simulator.url])
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { fifo: ['1', '2'], group: 'g' },
      { deleted: 2 },
      { body: 'ü 🙂', bytes: [0, 255] },
      { tags: { team: 'a' } },
      { error: 'AWS.SimpleQueueService.NonExistentQueue', status: 400 },
      { published: 'published' },
      { error: 'NotFound' },
      { presigned: true, status: 200 },
    ])
  })

  test('S54 every error that the models give an action comes as they say, but those of what is not simulated', async () => {
    simulator = await testSimulator()
    const { stdout } = await run(python, [join(import.meta.dirname, 'errors.py'), simulator.url])
    const { seen, of, wrong, unseen } = JSON.parse(stdout)
    expect(wrong).toEqual([])
    expect([seen, of]).toEqual([219, 389])
    const causes = new Set(Object.keys(unseen).filter((one) => !notSimulated.test(one)))
    expect([...causes]).toEqual([])
  })
})

/**
 * Permissions, TLS as a duty, keys, tag policies, quotas of an account, what AWS keeps in its models and answers otherwise, and errors of
 * actions that have none of it.
 */
const notSimulated = new RegExp(
  [
    '(AuthorizationError|InvalidSecurity|Kms|KMS|StaleTag|TagPolicy|ConcurrentAccess|UserError)',
    '(TopicLimit|SubscriptionLimit|ReplayLimit|FilterPolicyLimit|TagLimit)Exceeded',
    'sqs (UnsupportedOperation|InvalidAddress|InvalidIdFormat|MessageNotInflight)$',
    'sns (NotFound|ResourceNotFound|InvalidParameter|Validation|EndpointDisabled|PlatformApplicationDisabled)Exception$',
  ].join('|'),
)

describe.skipIf(missing)('the aws CLI', () => {
  const aws = async (...words: string[]): Promise<{ out: unknown; error: string }> => {
    const env = {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, AWS_DEFAULT_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    }
    const args = [join(programs, 'aws'), '--endpoint-url', simulator.url, '--output', 'json', ...words]
    return run(python, args, { env }).then(
      ({ stdout }) => ({ out: stdout === '' ? undefined : JSON.parse(stdout), error: '' }),
      ({ stderr }: { stderr: string }) => ({ out: undefined, error: stderr.trim() }),
    )
  }

  test('S55 works unchanged', async () => {
    simulator = await testSimulator({ secretAccessKey: 'test' })
    const created = await aws('sqs', 'create-queue', '--queue-name', 'orders', '--attributes', 'VisibilityTimeout=5')
    const QueueUrl = `${simulator.url}/123456789012/orders`
    expect(created).toEqual({ out: { QueueUrl }, error: '' })
    const topic = await aws('sns', 'create-topic', '--name', 'events')
    const TopicArn = 'arn:aws:sns:us-east-1:123456789012:events'
    expect(topic.out).toEqual({ TopicArn })
    const subscribed = await aws(
      ...['sns', 'subscribe', '--topic-arn', TopicArn, '--protocol', 'sqs', '--attributes', 'RawMessageDelivery=true'],
      ...['--notification-endpoint', 'arn:aws:sqs:us-east-1:123456789012:orders'],
    )
    expect(subscribed.out).toEqual({ SubscriptionArn: expect.stringContaining(TopicArn) })
    const attributes = JSON.stringify({ kind: { DataType: 'String', StringValue: 'ü' } })
    await aws('sns', 'publish', '--topic-arn', TopicArn, '--message', 'hello', '--message-attributes', attributes)
    const received = await aws('sqs', 'receive-message', '--queue-url', QueueUrl, '--message-attribute-names', 'All')
    expect(received.out).toMatchObject({
      Messages: [{ Body: 'hello', MessageAttributes: { kind: { StringValue: 'ü' } } }],
    })
    const failed = await aws('sqs', 'get-queue-url', '--queue-name', 'none')
    expect(failed.error).toMatch(/NonExistentQueue.*GetQueueUrl.*The specified queue does not exist/)
    const refused = await aws('sns', 'publish', '--topic-arn', `${TopicArn}-none`, '--message', 'x')
    expect(refused.error).toContain('(NotFound) when calling the Publish operation: Topic does not exist')
  })
})
