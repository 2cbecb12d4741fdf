import { fork } from 'node:child_process'
import { bareQueues, bareTopic } from './names.ts'
import { type BareBroker, bareEnvironment, wireBare } from './wire.ts'

export interface BareLoop {
  /** Publishes `count` orders; resolves when all are acknowledged. */
  publish(count: number): Promise<void>
  stop(): void
}

/** The broker to loop on, with the lab's database and mailbox. */
export interface BareEnvironment {
  broker: BareBroker
  DATABASE_URL: string
  SMTP_URL: string
}

/** One publisher, one mailer, two writers: the lab's replicas, on the lab's own broker, database and mailbox. */
export async function startBareLoop({ broker, DATABASE_URL, SMTP_URL }: BareEnvironment): Promise<BareLoop> {
  await wireBare(broker, [{ topic: bareTopic, queues: bareQueues }])
  const start = async (role: string) => {
    const child = fork('bench/bare/loop.ts', {
      execArgv: ['--import', 'tsx'],
      env: {
        ...process.env,
        ...{ DATABASE_URL, SMTP_URL, BARE_ROLE: role },
        ...bareEnvironment(broker),
      },
    })
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`the bare ${role} loop ended with ${code}`)))
    })
    return child
  }
  const children = await Promise.all(['publish', 'email', 'db', 'db'].map(start))
  const [publisher] = children
  // Identities of a loop on one broker are not those of a loop on another: rows of both are in one inbox.
  let epoch = Math.floor(Date.now() / 1000)
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
