import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as dial, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import type { RedisServer } from '../../../test/redis.ts'
import type { BrokerUnderTest } from '../broker.contract.ts'
import { listBindings } from './sns-sqs/inspect.ts'
import { queueArn, topicArn } from './sns-sqs/names.ts'
import { type SnsSqsOptions, snsSqsBroker } from './sns-sqs.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const place = { region: 'us-east-1', accountId: '123456789012' }

/**
 * The simulator's own process: killed with SIGKILL, started again on the same port and folder. With `redis` it keeps its
 * queues there, and that Redis is killed and started with it. For tests.
 */
export async function simulatorUnderTest(redis?: RedisServer): Promise<BrokerUnderTest & { endpoint: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-sns-sqs-'))
  let child = await startProcess(folder, 0, redis?.url)
  const { port } = child
  const endpoint = `http://127.0.0.1:${port}`
  const mute = await startMute(port)
  const sqs = new SQSClient({ endpoint, credentials, region: place.region })
  const sns = new SNSClient({ endpoint, credentials, region: place.region })
  const connect = (over: SnsSqsOptions = {}) =>
    snsSqsBroker({ endpoint, credentials, visibilitySeconds: 2, pollSeconds: 1, ...over })
  const urlOf = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl
  const end = async (signal: NodeJS.Signals) => {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return
    const gone = once(child.process, 'exit')
    child.process.kill(signal)
    await gone
  }

  return {
    endpoint,
    countsInFlight: true,
    retryModes: ['visibility-timeout'],
    connect: () => connect(),
    connectWithoutAnswers: () => connect({ endpoint: mute.url, requestTimeoutMs: 1_000 }),
    async inject(group, body, headers) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(headers).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      )
      await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(group), MessageBody: body, MessageAttributes }))
    },
    async deadLetters(group) {
      const found: { body: string; headers: Record<string, string> }[] = []
      const QueueUrl = await urlOf(deadLetterQueueOf(group))
      for (;;) {
        const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] })
        const { Messages = [] } = await sqs.send(command)
        if (Messages.length === 0) return found
        for (const { Body = '', MessageAttributes = {} } of Messages) {
          const headers = Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue ?? ''])
          found.push({ body: Body, headers: Object.fromEntries(headers) })
        }
      }
    },
    async bindStranger(topic) {
      const name = `stranger-of-${topic}`
      await sqs.send(new CreateQueueCommand({ QueueName: name }))
      const TopicArn = topicArn(place, topic)
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(place, name) }))
      return async () => (await listBindings(sns)).some((binding) => binding.topic === topic && binding.group === name)
    },
    async kill() {
      await Promise.all([end('SIGKILL'), redis?.kill()])
    },
    async restart() {
      await redis?.restart()
      child = await startProcess(folder, port, redis?.url)
    },
    async stop() {
      sqs.destroy()
      sns.destroy()
      mute.server.close()
      await end('SIGTERM')
      await redis?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startProcess(folder: string, port: number, redisUrl?: string) {
  const where: Record<string, string> =
    redisUrl === undefined
      ? { SNS_SQS_PORT: String(port), SNS_SQS_DATA_DIR: folder }
      : { SNS_SQS_REDIS_PORT: String(port), REDIS_URL: redisUrl }
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/sns-sqs/main.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'warn', SNS_SQS_RECREATE_AFTER: '0', ...where },
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"ready":true')) continue
    child.stdout.resume()
    const ready = JSON.parse(line) as { port: number; redis?: { port: number } }
    return { process: child, port: ready.redis?.port ?? ready.port }
  }
  throw new Error('the simulator ended before it was ready')
}

/** A way to the simulator on which requests arrive and answers do not. */
async function startMute(port: number): Promise<{ server: Server; url: string }> {
  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1')
    near.pipe(far)
    far.resume()
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.on('close', () => far.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the mute proxy has no port')
  return { server, url: `http://127.0.0.1:${address.port}` }
}
