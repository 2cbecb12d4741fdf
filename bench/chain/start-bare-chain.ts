import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '../../supervisor/process/ports.ts'
import { until } from '../../test/until.ts'
import { type BareBroker, bareEnvironment, wireBare } from '../bare/wire.ts'
import { answerOf } from '../child-answer.ts'
import { bareGroupOf, bareTopicOf, type Hop, hops } from './names.ts'

/** The chain in bare clients: a process for each service, as in the lab, and a Python program of its own. */
export interface BareChain {
  /** Of its services, its source and its program. */
  pids: readonly number[]
  /** Publishes `count` orders, at once or one every so many milliseconds; resolves when all are acknowledged. */
  publish(count: number, everyMs?: number): Promise<void>
  /** Milliseconds from publish to handled, by service, since this was asked last. */
  latencies(): Promise<Map<Hop['service'], number[]>>
  stop(): Promise<void>
}

/** On the lab's own broker and database. */
export async function startBareChain(broker: BareBroker, DATABASE_URL: string): Promise<BareChain> {
  await wireBare(
    broker,
    hops.map((hop) => ({ topic: bareTopicOf(hop.takes), queues: [bareGroupOf(hop)] })),
  )
  const port = await freePort()
  const program = spawn('python3', ['payment.py'], {
    ...{ cwd: 'examples/checkout/payment', stdio: 'ignore' },
    env: { ...process.env, PORT: String(port) },
  })
  const address = `http://127.0.0.1:${port}/`
  await until('the program of the bare chain', async () => (await fetch(address)).status > 0)
  const start = async (service: string): Promise<ChildProcess> => {
    const child = fork('bench/chain/bare-service.ts', {
      execArgv: ['--import', 'tsx'],
      env: {
        ...process.env,
        ...{ DATABASE_URL, CHAIN_SERVICE: service, CHAIN_PROGRAM: address },
        ...bareEnvironment(broker),
      },
    })
    await answerOf(child, `the bare ${service}`)
    return child
  }
  const [shop, ...services] = await Promise.all(['shop', ...hops.map(({ service }) => service)].map(start))
  if (shop === undefined) throw new Error('the bare chain has no source')
  return {
    pids: [shop, ...services, program].flatMap(({ pid }) => pid ?? []),
    async publish(count, everyMs = 0) {
      const published = answerOf(shop, 'the bare shop')
      shop.send({ count, everyMs })
      await published
    },
    async latencies() {
      const taken = await Promise.all(
        hops.map(async ({ service }, index) => {
          const child = services[index]
          if (child === undefined) throw new Error(`the bare ${service} is not there`)
          const answer = answerOf<number[]>(child, `the bare ${service}`)
          child.send({ take: true })
          return [service, await answer] as const
        }),
      )
      return new Map(taken)
    },
    async stop() {
      const children = [shop, ...services]
      const gone = [...children, program].map((child) => once(child, 'exit'))
      for (const child of children) child.disconnect()
      program.kill()
      await Promise.all(gone)
    },
  }
}
