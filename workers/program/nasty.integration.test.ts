import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { ServiceBody } from '#contracts/lab-declaration.ts'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { isAlive } from '../../test/is-alive.ts'
import { openLabs, until, untilMs } from './fixtures/program-lab.ts'

vi.setConfig({ testTimeout: 2 * untilMs, hookTimeout: untilMs })

let labs: Awaited<ReturnType<typeof openLabs>>

beforeAll(async () => {
  const simulator = await simulatorUnderTest()
  labs = await openLabs(simulator, 'local', { AWS_ENDPOINT_URL: simulator.endpoint })
})
afterEach(() => labs.closeAll())
afterAll(() => labs.close())

const directory = fileURLToPath(new URL('./fixtures/programs', import.meta.url))

type Program = Extract<ServiceBody, { kind: 'program' }>

/** A lab with a program that misbehaves in one way. */
const open = (args: string[], over: Partial<Program> = {}, policy: Partial<RetryPolicy> = {}) =>
  labs.open(
    {
      ...{ kind: 'program', command: [process.execPath, 'nasty.mjs', ...args], directory, env: {} },
      ...{ readyWithinMs: 20_000, ...over },
    },
    { policy: { maximumAttempts: 2, ...policy } },
  )
type Lab = Awaited<ReturnType<typeof open>>

/** What the one order that was placed came to. */
async function fateOf(lab: Lab) {
  await lab.place([{ orderId: '1' }])
  await until('the last attempt', () => lab.ends().some(({ next }) => next?.state !== 'retrying'))
  await lab.untilSettled(1)
  const { letters } = await lab.broker.deadLetters.list(lab.service, 10)
  return { letters: letters.map(({ note }) => `${note?.reason} ${note?.error.type}`), ends: lab.ends() }
}

test.each([
  [['exits-at-once', '1'], 'it ended before it was ready: exit code 1: Error: no configuration'],
  [['exits-at-once', '0'], 'exit code 0 (though a service has to go on)'],
  [['never-opens'], 'it did not open its port'],
])('a program that %s is tried with back-off for ever, and its messages wait untouched', async (args, reason) => {
  const lab = await open(args, { readyWithinMs: args[0] === 'never-opens' ? 600 : 20_000 })
  await lab.place([{ orderId: '1' }])
  const { detail, nextStartAt } = await lab.untilState('backoff')
  expect(detail).toContain(reason)
  expect(nextStartAt).toBeGreaterThan(0)
  await until('the third start', () => (lab.replica()?.restarts ?? 0) >= 3)
  expect(lab.ends()).toEqual([])
  const { queues } = await lab.broker.inspect()
  expect(queues.find(({ group }) => group === lab.service)).toMatchObject({ visible: 1, inFlight: 0, deadLetters: 0 })
})

test('a command, a file or a directory that is not there, and a variable that is not set, are each named', async () => {
  const reasons: [Partial<Program>, string][] = [
    [{ command: ['no-such-command-here'] }, 'the command no-such-command-here was not found in PATH'],
    [{ command: ['./none.sh'] }, 'none.sh does not exist'],
    [{ command: ['./nasty.mjs'] }, 'nasty.mjs may not be executed'],
    [{ directory: '/no/such/place' }, 'the directory /no/such/place does not exist'],
    [{ env: { KEY: '$NOT_SET_HERE' } }, 'NOT_SET_HERE is not set'],
    [{ command: ['/bin/sh', '-c', 'nothing-of-this-name'] }, 'exit code 127 (command not found)'],
  ]
  for (const [over, reason] of reasons) {
    const lab = await open([], over)
    expect((await lab.untilState('backoff')).detail).toContain(reason)
    await lab.close()
  }
})

test.each([
  ['garbage', 'what it answered is not HTTP'],
  ['huge-answer', 'larger than 1048576 bytes'],
  ['invalid-event', 'the attribute source is missing'],
])('an answer of %s is a dead letter at once', async (way, message) => {
  const { letters, ends } = await fateOf(await open([way]))
  expect(letters).toEqual(['non_retryable InvalidReply'])
  expect(ends[0]?.error?.message).toContain(message)
})

test('a reply of a type that the lab does not have is a dead letter with its name', async () => {
  const { letters, ends } = await fateOf(await open(['unknown-type']))
  expect(letters).toEqual(['non_retryable UnknownEventType'])
  expect(ends[0]?.error?.message).toContain('order_shippd')
})

test.each(['never-answers', 'slow-answer'])('a program that %s has its attempts ended by their time', async (way) => {
  const { letters, ends } = await fateOf(await open([way], {}, { attemptTimeoutMs: 300 }))
  expect(ends.map(({ error }) => error?.type)).toEqual(['AttemptTimeout', 'AttemptTimeout'])
  expect(letters).toEqual(['max_attempts AttemptTimeout'])
})

test('an answer that ends half-way is another attempt', async () => {
  const { letters, ends } = await fateOf(await open(['half-closes']))
  expect(ends.map(({ error }) => error?.type)).toEqual(['ConnectionClosed', 'ConnectionClosed'])
  expect(letters).toEqual(['max_attempts ConnectionClosed'])
})

const forked = async (lab: Lab): Promise<number[]> => {
  const line = await lab.untilLogged('forked ')
  return line.kind === 'log' ? line.message.split(' ').slice(1).map(Number) : []
}

test('a secret in the last words of a program is seen nowhere', async () => {
  const lab = await labs.open(
    {
      ...{ kind: 'program', command: [process.execPath, 'nasty.mjs', 'tells-its-key'], directory },
      ...{ env: { KEY: '$PAY_KEY' }, readyWithinMs: 20_000 },
    },
    { policy: { maximumAttempts: 1 }, env: { PAY_KEY: 'sk-live-123456' } },
  )
  await lab.place([{ orderId: '1' }])
  await lab.untilLogged('the program ended: exit code 4: Invalid key: [secret]')
  await lab.untilSettled(1)
  expect(JSON.stringify([lab.replica(), lab.ends()])).not.toContain('sk-live-123456')
})

test('what a program forked ends with it, also what has left its group', async () => {
  const lab = await open(['forks', 'exits'])
  const pids = await forked(lab)
  await lab.untilState('up')
  expect(pids.every(isAlive)).toBe(true)
  await lab.place([{ orderId: '1' }])
  await lab.untilLogged('the program ended: exit code 3')
  await until('the end of what it forked', () => !pids.some(isAlive))
})

test.each(['worker', 'sidecar'] as const)('it ends with its %s too, when that is killed', async (victim) => {
  const lab = await open(['forks'])
  const pids = await forked(lab)
  const { pid } = await lab.untilState('up')
  process.kill((victim === 'worker' ? pid : lab.sidecar.child.pid) ?? 0, 'SIGKILL')
  await until('the end of what it forked', () => !pids.some(isAlive))
})

test.each(['endless-output', 'endless-line'])(
  'a program of %s goes on handling, and what is held back is reported',
  async (way) => {
    const lab = await open([way])
    await lab.place(Array.from({ length: 20 }, (_, index) => ({ orderId: String(index) })))
    expect(await lab.untilSettled(20)).toHaveLength(20)
    if (way === 'endless-output') await lab.untilLogged('more lines of the program in this second')
    const worker = lab.web.records().flatMap((record) => (record.kind === 'gauges' ? [record.rssBytes] : []))
    expect(Math.max(0, ...worker)).toBeLessThan(400 * 1024 * 1024)
  },
)

test('a program that does not hear SIGTERM is killed within the grace time', async () => {
  const lab = await open(['ignores-sigterm'])
  await lab.untilState('up')
  lab.sidecar.child.kill('SIGTERM')
  expect(await lab.sidecar.exited).toBe(0)
  await lab.untilLogged('no')
  expect(isAlive(lab.web.statuses.flatMap(({ replicas }) => replicas[0]?.pid ?? [])[0] ?? 0)).toBe(false)
})
