import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilAnswers } from '../supervisor/answers.ts'
import { probePort } from '../supervisor/ports.ts'
import { prepareRedis, redisAnswers, redisUnavailable } from '../supervisor/redis/redis-server.ts'
import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import { skipped } from './skipped.ts'

export interface RedisServer extends EngineProcess {
  /** `redis://127.0.0.1:port`. */
  url: string
  port: number
}

const given = process.env.FAULTLINE_TEST_REDIS_URL || undefined

/** For `describe.skipIf(await redisMissing(…))`: why a real Redis cannot be had here; with CI=true it throws instead. */
export async function redisMissing(suite: string): Promise<string | undefined> {
  return given === undefined ? skipped(suite, await redisUnavailable(process.env)) : undefined
}

/** The same for a suite that empties or kills its Redis, which therefore has one of its own always. */
export const ownRedisMissing = async (suite: string): Promise<string | undefined> =>
  skipped(suite, await redisUnavailable(process.env))

/**
 * A real Redis: the one that `FAULTLINE_TEST_REDIS_URL` names, which cannot be killed from here and whose keys others may
 * use; else one of its own, append-only file on, on a free port and in a temporary folder, which ends with this process.
 * `settings` as redis-server takes them: `['--maxmemory', '4mb']`.
 */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  if (given !== undefined) return { url: given, port: Number(new URL(given).port || 6379), ...notOurs }
  return startOwnRedis(settings)
}

/** A Redis of the test's own, which it may kill and empty. */
export async function startOwnRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-redis-'))
  const port = (await probePort(0, '127.0.0.1')) ?? 0
  const own = await startEngineProcess({
    name: 'redis',
    command: () => prepareRedis({ folder, port, env: process.env, settings }),
    answers: (late) => untilAnswers(() => redisAnswers(port), late),
    cleanUp: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  })
  return { ...own, port, url: `redis://127.0.0.1:${port}` }
}

const refuse = (): never => {
  throw new Error('the Redis of FAULTLINE_TEST_REDIS_URL is not ours to break: unset it for this test')
}
const notOurs: EngineProcess = {
  kill: async () => refuse(),
  pause: refuse,
  resume: refuse,
  restart: async () => refuse(),
  stop: async () => undefined,
}
