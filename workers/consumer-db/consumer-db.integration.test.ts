import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultRetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { type Envelope, newTraceparent } from '#contracts/events/envelope.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts'

let postgres: TestPostgres
let simulator: Awaited<ReturnType<typeof simulatorUnderTest>>
let prisma: PrismaClient
const workers: ChildProcess[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
  simulator = await simulatorUnderTest()
  prisma = createPrisma(postgres.url, { max: 2 })
}, 120_000)
afterAll(async () => {
  await Promise.all(workers.map((worker) => end(worker, 'SIGKILL')))
  await prisma.$disconnect()
  await simulator.stop()
  await postgres.stop()
}, 60_000)

/** A replica of consumer-db as its sidecar would start it. */
function startWorker(instance: string): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/consumer-db/main.ts'], {
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      FAULTLINE_SERVICE: 'consumer-db',
      FAULTLINE_INSTANCE: instance,
      BROKER: 'local',
      AWS_ENDPOINT_URL: simulator.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      DATABASE_URL: postgres.url,
    },
  })
  workers.push(worker)
  const frames = worker.stdio[3]
  if (frames && 'resume' in frames) frames.resume()
  const subscriptions = [
    { consumer: 'consumer-db', eventTypes: ['user_signup'], retryPolicy: defaultRetryPolicy, retryPolicyByType: {} },
  ]
  const config = { revision: 1, eventTypes: builtInEventTypes, subscriptions }
  worker.stdin?.write(`${JSON.stringify({ id: 1, command: { kind: 'configure', config } })}\n`)
  return worker
}

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const gone = once(worker, 'exit')
  worker.kill(signal)
  await gone
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 100_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const untilRows = (wanted: number) => until(`${wanted} rows`, async () => (await prisma.user.count()) >= wanted)
const untilEntered = (messageIds: string[]) =>
  until(
    'the inbox',
    async () => (await prisma.inbox.count({ where: { messageId: { in: messageIds } } })) === messageIds.length,
  )

async function connected() {
  const broker = simulator.connect()
  await broker.declare({
    topics: [{ topic: 'user_signup', types: ['user_signup'] }],
    groups: [{ group: 'consumer-db', types: ['user_signup'], topics: ['user_signup'] }],
  })
  return broker
}

/** An event of the moment `at`, in epoch milliseconds. */
const signup = (epoch: number, seq: number, at: number, data: unknown): Envelope => ({
  id: `producer-1:${epoch}:user_signup:${seq}`,
  type: 'user_signup',
  topic: 'user_signup',
  time: new Date(at).toISOString(),
  traceparent: newTraceparent(),
  version: 1,
  body: JSON.stringify(data),
})

test('a replica that is killed in the middle of its work loses nothing and doubles nothing', async () => {
  const broker = await connected()
  const messages = Array.from({ length: 1_500 }, (_, index) =>
    signup(1, index + 1, Date.now(), { email: `user-${index}@example.com` }),
  )
  const outcomes = await broker.publish(messages)
  expect(outcomes.every(({ state }) => state === 'acked')).toBe(true)

  const first = startWorker('consumer-db-1')
  await untilRows(1)
  await end(first, 'SIGKILL')
  const written = await prisma.user.count()
  startWorker('consumer-db-1')
  startWorker('consumer-db-2')
  await untilRows(1_500)

  expect(written).toBeLessThanOrEqual(1_500)
  expect(await prisma.inbox.count()).toBe(1_500)
  expect(await prisma.user.count()).toBe(1_500)
  const deadline = Date.now() + 60_000
  for (;;) {
    const [queue] = (await broker.inspect()).queues
    if (queue && queue.visible + queue.inFlight === 0) {
      expect(queue.deadLetters).toBe(0)
      break
    }
    if (Date.now() > deadline) throw new Error(`the queue did not drain: ${JSON.stringify(queue)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await broker.close()
}, 240_000)

test('two replicas leave each user with the newest name, whatever comes late, twice or out of the dead letters', async () => {
  const broker = await connected()
  startWorker('consumer-db-3')
  startWorker('consumer-db-4')
  const start = Date.now()
  const email = (user: number) => `late-${user}@example.com`
  const poison = signup(2, 9_000, start, { email: email(0), name: 7 })
  await broker.publish([poison])
  const deadLetter = async () =>
    (await broker.deadLetters.list('consumer-db', 10)).letters.find(({ headers }) => headers.ce_id === poison.id)
  await until('the dead letter', async () => (await deadLetter()) !== undefined)

  // Five names for each of 200 users, each name newer than the one before, sent in an order that has nothing to do with it.
  const events = Array.from({ length: 1_000 }, (_, index) => {
    const version = Math.floor(index / 200) + 1
    return signup(2, index + 1, start + version, { email: email(index % 200), name: `Name ${version}` })
  })
  const shuffled = events.map((_, index) => events[(index * 387) % 1_000] ?? poison)
  await broker.publish([...shuffled, ...shuffled.slice(0, 100)])
  await untilEntered(events.map(({ id }) => id))

  const ref = (await deadLetter())?.ref ?? ''
  const body = JSON.stringify({ email: email(0), name: 'Redriven' })
  expect(await broker.deadLetters.redrive('consumer-db', [{ ref, body }])).toEqual([{ state: 'redriven' }])
  await untilEntered([poison.id])

  const users = await prisma.user.findMany({ where: { email: { startsWith: 'late-' } } })
  expect(users).toHaveLength(200)
  expect(new Set(users.map(({ name }) => name))).toEqual(new Set(['Name 5']))
  const redriven = await prisma.inbox.findFirst({ where: { messageId: poison.id } })
  expect(redriven?.superseded).toBe(true)
  await broker.close()
}, 240_000)
