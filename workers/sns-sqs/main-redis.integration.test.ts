import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ownRedisMissing, type RedisServer, startOwnRedis } from '../../test/redis.ts'

let redis: RedisServer
let killed = false
const started: ChildProcess[] = []

interface Simulator {
  child: ChildProcess
  /** Listener of the memory store, and that of the Redis store. */
  url: string
  onRedis: string
}

async function start(over: Record<string, string> = {}): Promise<Simulator> {
  const main = join(import.meta.dirname, 'main.ts')
  const env = { ...process.env, LOG_LEVEL: 'silent', REDIS_URL: redis.url, SNS_SQS_RECREATE_AFTER: '0', ...over }
  const child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  started.push(child)
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  const { url, redis: second } = JSON.parse(value ?? '{}')
  return { child, url, onRedis: second?.url }
}

async function killRedis(): Promise<void> {
  killed = true
  await redis.kill()
}
async function restartRedis(): Promise<void> {
  if (killed) await redis.restart()
  killed = false
}

const health = async (url: string) => {
  const answer = await fetch(`${url}/_faultline/health`)
  const { error, queues } = (await answer.json()) as { error?: string; queues?: number }
  return { status: answer.status, error, queues }
}
const call = (url: string, target: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'X-Amz-Target': `AmazonSQS.${target}` }, body: JSON.stringify(body) })
const queueUrl = (url: string) => `${url}/123456789012/a`

describe.skipIf(await ownRedisMissing('the simulator with Redis'))(
  'the simulator with a redis',
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      redis = await startOwnRedis()
    })
    afterEach(async () => {
      for (const child of started.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      }
      await restartRedis()
    })
    afterAll(() => redis.stop())

    test('two listeners in one process, each with queues of its own', async () => {
      const { url, onRedis, child } = await start()
      await call(onRedis, 'CreateQueue', { QueueName: 'a' })
      await call(onRedis, 'SendMessage', { QueueUrl: queueUrl(onRedis), MessageBody: 'in redis' })
      expect([(await health(url)).queues, (await health(onRedis)).queues]).toEqual([0, 1])
      const waiting = call(onRedis, 'ReceiveMessage', { QueueUrl: queueUrl(onRedis), WaitTimeSeconds: 20 })
      expect(await (await waiting).text()).toContain('in redis')
      const second = call(onRedis, 'ReceiveMessage', { QueueUrl: queueUrl(onRedis), WaitTimeSeconds: 20 })
      await call(onRedis, 'GetQueueUrl', { QueueName: 'a' })
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect((await second).status).toBe(200)
    })

    test('redis away: 503 in words at once and in health, the other listener goes on, all by itself again', async () => {
      await killRedis()
      const { url, onRedis } = await start()
      const reason = `redis at 127.0.0.1:${redis.port} does not answer`
      await expect.poll(async () => (await health(onRedis)).error, { timeout: 10_000 }).toContain(`${reason}: connect`)
      expect((await health(onRedis)).status).toBe(503)
      const began = Date.now()
      const refused = await call(onRedis, 'CreateQueue', { QueueName: 'a' })
      expect([refused.status, Date.now() - began < 2_000]).toEqual([503, true])
      const { __type, message } = (await refused.json()) as { __type: string; message: string }
      expect(__type).toContain('ServiceUnavailable')
      expect(message).toContain(reason)
      const published = await fetch(onRedis, { method: 'POST', body: 'Action=CreateTopic&Name=t' })
      expect([published.status, await published.text()]).toEqual([503, expect.stringContaining(reason)])
      const reset = await fetch(`${onRedis}/moto-api/reset`, { method: 'POST' })
      expect([reset.status, await reset.text()]).toEqual([503, expect.stringContaining(reason)])
      expect((await call(url, 'CreateQueue', { QueueName: 'a' })).status).toBe(200)
      await restartRedis()
      await expect.poll(async () => (await health(onRedis)).status, { timeout: 10_000 }).toBe(200)
      expect((await call(onRedis, 'CreateQueue', { QueueName: 'a' })).status).toBe(200)
      await call(onRedis, 'DeleteQueue', { QueueUrl: queueUrl(onRedis) })
    })

    test('a waiter whose redis goes away is answered with 503, and ends in order all the same', async () => {
      const { onRedis, child } = await start()
      await call(onRedis, 'CreateQueue', { QueueName: 'a' })
      const waiting = call(onRedis, 'ReceiveMessage', { QueueUrl: queueUrl(onRedis), WaitTimeSeconds: 20 })
      await call(onRedis, 'GetQueueUrl', { QueueName: 'a' })
      await killRedis()
      expect((await waiting).status).toBe(503)
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    })

    test('FLUSHALL: health and requests say what happened and how to go on; a queue declared again works', async () => {
      const { onRedis, child } = await start()
      await call(onRedis, 'CreateQueue', { QueueName: 'a' })
      const direct = new Redis(redis.url)
      await direct.flushall()
      direct.disconnect()
      const send = () => call(onRedis, 'SendMessage', { QueueUrl: queueUrl(onRedis), MessageBody: 'x' })
      const refused = await send()
      expect([refused.status, await refused.text()]).toEqual([503, expect.stringMatching(/is gone.*begin again/)])
      expect(await health(onRedis)).toMatchObject({ status: 503, error: expect.stringContaining('FLUSHALL') })
      expect((await call(onRedis, 'CreateQueue', { QueueName: 'a' })).status).toBe(200)
      expect((await send()).status).toBe(200)
      expect(child.exitCode).toBe(null)
    })

    test('a REDIS_URL that is none is said, with a code that is not 0', async () => {
      const main = join(import.meta.dirname, 'main.ts')
      const env = { ...process.env, REDIS_URL: 'localhost:6379' }
      const child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: ['pipe', 'pipe', 'pipe'] })
      started.push(child)
      let printed = ''
      child.stderr.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
      })
      expect(await once(child, 'close')).toEqual([2, null])
      expect(printed).toMatch(/must be redis:\/\/[\s\S]*REDIS_URL/)
    })
  },
)
