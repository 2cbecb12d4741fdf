import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe } from 'vitest'
import { freePort } from '../../supervisor/process/ports.ts'
import { ownRedisMissing, type RedisServer, startOwnRedis } from '../../test/redis.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { until } from '../../test/until.ts'
import { crashContract, type Victims } from './crash.contract.ts'
import { fifoCrashContract } from './fifo-crash.contract.ts'
import { survivalContract } from './survival.contract.ts'

/** The simulator's own process, on the same settings each time. */
class Process {
  private child: ChildProcess | undefined
  private readonly env: Record<string, string>

  constructor(env: Record<string, string>) {
    this.env = env
  }

  async start(): Promise<void> {
    if (this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null) return
    const env = { ...process.env, LOG_LEVEL: 'silent', ...this.env }
    const main = join(import.meta.dirname, 'main.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.child = child
    for await (const line of createInterface({ input: child.stdout })) {
      if (JSON.parse(line).ready !== true) continue
      child.stdout.resume()
      return
    }
    throw new Error('the simulator ended before it was ready')
  }

  async kill(): Promise<void> {
    const { child } = this
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

/** `FAULTLINE_TEST_KILLS=100` kills so often in each test. */
const killsOr = (usual: number): number => Number(process.env.FAULTLINE_TEST_KILLS ?? usual)

const processes: Process[] = []
let journalled: Process
let onRedis: Process[]
let journalPort: number
let redisPorts: number[]
let redis: RedisServer
let redisRuns = true
const missing = await ownRedisMissing('the simulator with Redis, killed')

beforeAll(async () => {
  journalPort = await freePort()
  journalled = new Process({ SNS_SQS_PORT: String(journalPort), SNS_SQS_DATA_DIR: await temporaryFolder('crash') })
  processes.push(journalled)
  if (missing !== undefined) return
  redis = await startOwnRedis()
  redisPorts = [await freePort(), await freePort()]
  onRedis = redisPorts.map(
    (port) => new Process({ SNS_SQS_PORT: '0', SNS_SQS_REDIS_PORT: String(port), REDIS_URL: redis.url }),
  )
  processes.push(...onRedis)
})
afterAll(async () => {
  for (const one of processes) await one.kill()
  await redis?.stop()
})

const withJournal = (): Victims => ({
  publishAt: `http://127.0.0.1:${journalPort}`,
  consumeAt: `http://127.0.0.1:${journalPort}`,
  start: () => journalled.start(),
  kill: () => journalled.kill(),
})
crashContract('the simulator with a journal', killsOr(20), withJournal)
fifoCrashContract('the simulator with a journal', killsOr(10), withJournal)
survivalContract('the simulator with a journal', withJournal)

const healthy = async (port: number): Promise<boolean> =>
  (await fetch(`http://127.0.0.1:${port}/_faultline/health`)).status === 200

const killRedis = async () => {
  redisRuns = false
  await redis.kill()
}
const killSimulators = async (count: number) => {
  await Promise.all(onRedis.slice(0, count).map((simulator) => simulator.kill()))
}
/** In turn: both simulators, the Redis under them, the one that publishes and Redis. */
const kills = [() => killSimulators(2), killRedis, () => Promise.all([killRedis(), killSimulators(1)])]

describe.skipIf(missing)('with Redis', () => {
  const victims = (): Victims => ({
    publishAt: `http://127.0.0.1:${redisPorts[0]}`,
    consumeAt: `http://127.0.0.1:${redisPorts[1]}`,
    async start() {
      if (!redisRuns) await redis.restart()
      redisRuns = true
      for (const one of onRedis) await one.start()
      for (const port of redisPorts) await until(`health at ${port}`, () => healthy(port))
    },
    async kill(round) {
      await kills[round % kills.length]?.()
    },
  })
  crashContract('two simulators on one redis, and redis itself', killsOr(12), victims)
  fifoCrashContract('two simulators on one redis, and redis itself', killsOr(9), victims)
  survivalContract('two simulators on one redis', victims)
})
