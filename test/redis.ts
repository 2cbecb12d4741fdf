import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilAnswers } from '../supervisor/process/answers.ts'
import { freePort } from '../supervisor/process/ports.ts'
import { prepareRedis, redisAnswers, redisUnavailable } from '../supervisor/redis/redis-server.ts'
import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import { testEngine } from './test-engine.ts'

export interface RedisServer extends EngineProcess {
  /** `redis://127.0.0.1:port`. */
  url: string
  port: number
}

const redis = testEngine('Redis', 'FAULTLINE_TEST_REDIS_URL', () => redisUnavailable(process.env))

export const redisMissing = redis.missing
export const ownRedisMissing = redis.ownMissing

/**
 * A real Redis: the one that `FAULTLINE_TEST_REDIS_URL` names, which cannot be killed from here and whose keys others may
 * use; else one of its own, append-only file on, on a free port and in a temporary folder, which ends with this process.
 * `settings` as redis-server takes them: `['--maxmemory', '4mb']`.
 */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const { given, notOurs } = redis
  if (given !== undefined) return { url: given, port: Number(new URL(given).port || 6379), ...notOurs }
  return startOwnRedis(settings)
}

/** A Redis of the test's own, which it may kill and empty. */
export async function startOwnRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-redis-'))
  const port = await freePort()
  const own = await startEngineProcess({
    name: 'redis',
    command: () => prepareRedis({ folder, port, env: process.env, settings }),
    answers: (late) => untilAnswers(() => redisAnswers(port), late),
    cleanUp: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  })
  return { ...own, port, url: `redis://127.0.0.1:${port}` }
}
