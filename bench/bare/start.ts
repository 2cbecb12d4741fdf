import { fork } from 'node:child_process'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { bareQueueArn, bareQueues, bareTopicArn } from './names.ts'

export interface BareLoop {
  /** Publishes `count` orders; resolves when all are acknowledged. */
  publish(count: number): Promise<void>
  stop(): void
}

async function wire(endpoint: string): Promise<void> {
  const options = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } }
  const sns = new SNSClient(options)
  const sqs = new SQSClient(options)
  await sns.send(new CreateTopicCommand({ Name: 'bare_orders' }))
  for (const queue of bareQueues) {
    await sqs.send(new CreateQueueCommand({ QueueName: queue }))
    await sns.send(
      new SubscribeCommand({
        TopicArn: bareTopicArn,
        Protocol: 'sqs',
        Endpoint: bareQueueArn(queue),
        Attributes: { RawMessageDelivery: 'true' },
      }),
    )
  }
}

/** One publisher, one mailer, two writers: the lab's replicas, on the lab's own simulator, database and mailbox. */
export async function startBareLoop(env: {
  AWS_ENDPOINT_URL: string
  DATABASE_URL: string
  SMTP_URL: string
}): Promise<BareLoop> {
  await wire(env.AWS_ENDPOINT_URL)
  const start = async (role: string) => {
    const child = fork('bench/bare/loop.ts', {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env, BARE_ROLE: role, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
    })
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`the bare ${role} loop ended with ${code}`)))
    })
    return child
  }
  const children = await Promise.all(['publish', 'email', 'db', 'db'].map(start))
  const [publisher] = children
  let epoch = 0
  return {
    publish: (count) =>
      new Promise((resolve, reject) => {
        epoch += 1
        publisher?.once('message', () => resolve())
        publisher?.once('exit', (code) => reject(new Error(`the bare publisher ended with ${code}`)))
        publisher?.send({ epoch, count })
      }),
    stop: () => {
      for (const child of children) child.disconnect()
    },
  }
}
