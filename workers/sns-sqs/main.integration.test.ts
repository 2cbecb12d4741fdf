import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'

const started: ChildProcess[] = []

function start(environment: Record<string, string>): { child: ChildProcess; lines: AsyncIterator<string> } {
  const main = join(import.meta.dirname, 'main.ts')
  const env = { ...process.env, LOG_LEVEL: 'error', ...environment }
  const child = spawn(process.execPath, ['--import', 'tsx', main], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  started.push(child)
  if (child.stdout === null) throw new Error('the child has no standard output')
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

const next = async (lines: AsyncIterator<string>) => JSON.parse((await lines.next()).value ?? 'null')

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})

test('says when it is ready, answers, and ends when its parent watchdog is cut', { timeout: 30_000 }, async () => {
  const { child, lines } = start({ SNS_SQS_PORT: '0' })
  const { ready, port, url } = await next(lines)
  expect([ready, url]).toEqual([true, `http://127.0.0.1:${port}`])
  expect((await fetch(`${url}/_faultline/health`)).status).toBe(200)
  const ended = once(child, 'exit')
  child.stdin?.end()
  expect(await ended).toEqual([0, null])
})

test('ends in order on SIGTERM, also with a waiter', { timeout: 30_000 }, async () => {
  const { child, lines } = start({ SNS_SQS_PORT: '0' })
  const { url } = await next(lines)
  const call = (target: string, body: object) =>
    fetch(url, { method: 'POST', headers: { 'X-Amz-Target': `AmazonSQS.${target}` }, body: JSON.stringify(body) })
  await call('CreateQueue', { QueueName: 'a' })
  const waiting = call('ReceiveMessage', { QueueUrl: `${url}/123456789012/a`, WaitTimeSeconds: 20 })
  await call('GetQueueUrl', { QueueName: 'a' })
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect((await waiting).status).toBe(200)
})

test('a port that is taken and an environment that is wrong are said, with a code that is not 0', {
  timeout: 30_000,
}, async () => {
  const first = start({ SNS_SQS_PORT: '0' })
  const { port } = await next(first.lines)
  const second = start({ SNS_SQS_PORT: String(port) })
  const [[code], line] = await Promise.all([once(second.child, 'exit'), next(second.lines)])
  expect([code, line.msg]).toEqual([1, expect.stringContaining(`could not start on 127.0.0.1:${port}`)])
  const third = start({ SNS_SQS_PORT: 'many' })
  expect(await once(third.child, 'exit')).toEqual([2, null])
})
