import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startOwnRedis } from '../../test/redis.ts'

/** One simulator's process that serves both stores, so that they share everything else. */
export interface BothStores {
  /** In memory with its journal, and in a real Redis with an append-only file. */
  memory: string
  redis: string
  pid: number
  stop(): Promise<void>
}

/** What the product starts its simulator with. */
const asStarted = ['--min-semi-space-size=64', '--max-semi-space-size=128']

export async function startBothStores(appendfsync: string): Promise<BothStores> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
  const redis = await startOwnRedis(['--appendfsync', appendfsync])
  const child = spawn(process.execPath, [...asStarted, '--import', 'tsx', 'workers/sns-sqs/main.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LOG_LEVEL: 'error',
      SNS_SQS_DATA_DIR: folder,
      REDIS_URL: redis.url,
      SNS_SQS_REDIS_PORT: '0',
    },
  })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  const ready = JSON.parse(value ?? '{}') as { url: string; redis: { url: string } }
  return {
    memory: ready.url,
    redis: ready.redis.url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
