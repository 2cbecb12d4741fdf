import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
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

const program = (...args: string[]): Extract<ServiceBody, { kind: 'program' }> => ({
  ...{ kind: 'program', command: [process.execPath, ...args], directory, env: {}, readyWithinMs: 20_000 },
})

type Lab = Awaited<ReturnType<typeof labs.open>>

const programPid = async (lab: Lab): Promise<number> => {
  const line = await lab.untilLogged('good program listens as')
  return Number(line.kind === 'log' ? line.message.split(' ').at(-1) : 0)
}

test('a program is started, ready, given events, and its replies are published', async () => {
  const lab = await labs.open(program('good.mjs'))
  const [cause = ''] = await lab.place([{ orderId: '1' }])
  const [sent] = await lab.untilSent(1)
  expect(sent?.envelope).toMatchObject({ type: 'payment_captured', causationId: cause, correlationId: cause })
  await lab.untilSettled(1)
  expect(lab.replica()).toMatchObject({ state: 'up', restarts: 0 })
})

test('K_SINK publishes at any time, caused by the event that it names or traces, else by none', async () => {
  const lab = await labs.open(program('good.mjs'))
  const orders = [
    { do: 'sink', orderId: 'named', named: true },
    { do: 'sink', orderId: 'traced', traced: true },
    { do: 'sink', orderId: 'alone' },
  ]
  const [named, traced] = await lab.place(orders)
  const sent = await lab.untilSent(3)
  const causes = sent.map(({ raw, envelope }) => [JSON.parse(raw).orderId, envelope?.causationId])
  expect(causes.sort()).toEqual([
    ['alone', undefined],
    ['named', named],
    ['traced', traced],
  ])
  await lab.untilLogged('sink answered 202')
})

test('K_SINK refuses what is invalid, unknown, too large or not authorised, and goes on', async () => {
  const lab = await labs.open(program('good.mjs'))
  const cases: [object, string][] = [
    [{ given: { specversion: '0.3' } }, '400'],
    [{ raw: '{"specversion": "1.0", ' }, '400'],
    [{ given: { type: 'order_shippd' } }, '422'],
    [{ given: { data: { no: 'order' } } }, '422'],
    [{ raw: JSON.stringify({ filler: 'x'.repeat(100) }).padEnd(100, ' ') }, '400'],
    [{ more: { filler: 'x'.repeat(200_000) }, given: {} }, '4'],
  ]
  for (const [index, [order]] of cases.entries()) {
    await lab.place([{ do: 'sink', orderId: String(index), ...order }])
    await lab.untilEnded(index + 1)
  }
  const answers = await until('all answers', () => {
    const found = lab.logs().filter(({ message }) => message.startsWith('sink answered'))
    return found.length === cases.length && found.map(({ message }) => message.slice('sink answered '.length))
  })
  expect(answers.slice(0, 5).map((answer) => answer.slice(0, 3))).toEqual(['400', '400', '422', '422', '400'])
  expect(answers[2]).toContain('order_shippd')
  await lab.untilLogged('K_SINK answered 422')
  await lab.place([{ do: 'answer', orderId: 'after' }])
  await until('the reply', () => lab.sent.some(({ raw }) => raw.includes('"after"')))
})

test('a wrong secret is refused, and the right one is never shown', async () => {
  const lab = await labs.open(program('good.mjs'))
  await lab.place([{ do: 'environment', orderId: '1' }])
  const line = await lab.untilLogged('environment {')
  const text = line.kind === 'log' ? line.message : ''
  const { K_SINK } = JSON.parse(text.slice('environment '.length))
  expect(K_SINK).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\[secret\]$/)
  await lab.place([{ do: 'sink', orderId: '2', to: K_SINK.replace('[secret]', 'guess') }])
  await lab.untilLogged('sink answered 401')
  expect(lab.sent).toHaveLength(0)
})

test('a program that answers itself without end is stopped by the hop limit', async () => {
  const lab = await labs.open(program('good.mjs'), { env: { FAULTLINE_HOP_LIMIT: '3' } })
  const [first] = await lab.place([{ do: 'loop', orderId: '1' }])
  await until('the dead letter', () => lab.ends().some(({ next }) => next?.state === 'dead_lettered'))
  await lab.untilSettled(4)
  const { letters } = await lab.broker.deadLetters.list(lab.service, 10)
  expect(letters).toMatchObject([{ note: { reason: 'expired', error: { type: 'HopLimitReached' } } }])
  expect(letters[0]?.headers.ce_correlationid).toBe(first)
  expect(lab.ends().map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'error'])
})

test('a fault on a link reaches the connections of the program', async () => {
  const database = createServer((socket) => socket.on('error', () => undefined).write('hello'))
  await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve))
  const { port } = database.address() as AddressInfo
  const env = { DATABASE_URL: `postgres://lab@127.0.0.1:${port}/lab` }
  const lab = await labs.open(program('good.mjs'), { env })
  const ask = (orderId: string) => lab.place([{ do: 'connect', orderId, variable: 'DATABASE_URL' }])
  await ask('before')
  await lab.untilLogged('connection before: answered')
  const link = `${lab.service}->database`
  const down = { id: 'f', type: 'link.down', params: {}, seed: 1, percent: 100, link, by: 'sidecar-link' as const }
  expect(await lab.web.holdFaults([down])).toMatchObject({ ok: true })
  await until('the fault', () => lab.web.status()?.faults.some(({ state }) => state === 'active'))
  await ask('meanwhile')
  await lab.untilLogged('connection meanwhile: ECONNREFUSED')
  await lab.web.holdFaults([])
  await until('the end of the fault', () => lab.web.status()?.faults.length === 0)
  await ask('after')
  await lab.untilLogged('connection after: answered')
  database.close()
})

test('its environment names port, broker, telemetry and itself; addresses are those of the links', async () => {
  const body = program('good.mjs')
  const lab = await labs.open(
    { ...body, env: { LOG: 'debug', KEY: '$PAY_KEY', URL: 'https://$PAY_KEY@pay.example' } },
    {
      env: {
        PAY_KEY: 'sk-live-123456',
        DATABASE_URL: 'postgres://lab:pw-of-lab@127.0.0.1:15432/lab',
        FAULTLINE_LAB: '/lab',
      },
    },
  )
  await lab.place([{ do: 'environment', orderId: '1' }])
  const line = await lab.untilLogged('environment {')
  const env = JSON.parse(line.kind === 'log' ? line.message.slice('environment '.length) : '')
  expect(env).toMatchObject({
    ...{
      LOG: 'debug',
      KEY: '[secret]',
      FAULTLINE_INSTANCE: `${lab.service}-1`,
      BROKER: 'local',
      FAULTLINE_LAB: '/lab',
    },
    ...{ OTEL_SERVICE_NAME: lab.service, OTEL_EXPORTER_OTLP_ENDPOINT: lab.web.url },
    ...{ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20[secret]', OTEL_METRICS_EXPORTER: 'none' },
    ...{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' },
    DATABASE_URL: expect.stringMatching(/^postgres:\/\/lab:\[secret\]@127\.0\.0\.1:\d+\/lab$/),
    AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  })
  const links = lab.web.status()?.links ?? []
  const upstreams = links.map(({ upstream }) => upstream)
  expect(upstreams).toContain('127.0.0.1:15432')
  expect(env.DATABASE_URL).not.toContain(':15432')
  expect(upstreams).not.toContain(new URL(env.AWS_ENDPOINT_URL).host)
  for (const name of [
    'FAULTLINE_AGENT_TOKEN',
    'FAULTLINE_REPORT_TOKEN',
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'FAULTLINE_BODY',
    'FAULTLINE_LINKS',
    'K_CE_OVERRIDES',
    'NODE_OPTIONS',
  ])
    expect(env).not.toHaveProperty(name)
  expect(lab.sidecar.output()).not.toContain('sk-live-123456')
})

test('what it prints are log lines with level, trace and span', async () => {
  const lab = await labs.open(program('good.mjs'))
  await lab.place([{ do: 'log', orderId: '1' }], { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` })
  expect(await lab.untilLogged('it is odd')).toMatchObject({
    ...{ level: 'warn', traceId: 'c'.repeat(32), spanId: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ...{ instance: `${lab.service}-1`, fields: { amount: 3 } },
  })
  expect(await lab.untilLogged('Traceback')).toMatchObject({ level: 'error' })
})

test('a program that ends takes its replica with it: the reason is shown, it is back, and nothing is lost', async () => {
  const lab = await labs.open(program('good.mjs'), { policy: { maximumAttempts: 2, initialIntervalMs: 500 } })
  const pid = await programPid(lab)
  process.kill(pid, 'SIGKILL')
  const ids = await lab.place(Array.from({ length: 30 }, (_, index) => ({ orderId: String(index) })))
  const shown = await until('the reason', () =>
    lab.web.statuses.flatMap(({ replicas }) => replicas).find(({ state }) => state === 'backoff'),
  )
  expect(shown).toMatchObject({ detail: 'the program ended: SIGKILL (killed)', restarts: 1 })
  expect(new Set(await lab.untilSettled(30))).toEqual(new Set(ids))
  await lab.untilSent(30)
  expect((await lab.broker.deadLetters.list(lab.service, 50)).letters).toEqual([])
  expect(isAlive(pid)).toBe(false)
})

test('an event that ends its program each time is a dead letter after its attempts; the others are handled', async () => {
  const lab = await labs.open(program('good.mjs'), { policy: { maximumAttempts: 2 } })
  const [poison] = await lab.place([{ do: 'exit', orderId: 'x', code: 7 }])
  const { letters } = await until('the dead letter', () =>
    lab.ends().some(({ next }) => next?.state === 'dead_lettered'),
  )
    .then(() => lab.untilSettled(1))
    .then(() => lab.broker.deadLetters.list(lab.service, 10))
  expect(letters.map(({ note }) => [note?.id, note?.reason, note?.attempts])).toEqual([[poison, 'max_attempts', 2]])
  await lab.place([{ orderId: '1' }])
  await lab.untilSent(1)
  await lab.untilLogged('the program ended: exit code 7')
})

test('killed, paused and shut down by a fault, the program and its worker are one', async () => {
  const lab = await labs.open(program('good.mjs'))
  const fault = (type: string, params: Record<string, unknown>): HeldFault => ({
    ...{ id: type, type, params, seed: 1, percent: 100, by: 'sidecar-process' },
  })
  const pids = async () => ({ own: await programPid(lab), worker: lab.replica()?.pid ?? 0 })
  await lab.untilState('up')
  const first = await pids()
  await lab.web.holdFaults([fault('process.pause', {})])
  await lab.untilState('paused')
  await until('the standstill of both', () => [first.own, first.worker].every((pid) => stateOf(pid) === 'T'))
  await lab.web.holdFaults([])
  await until('that both go on', () => [first.own, first.worker].every((pid) => stateOf(pid) !== 'T'))
  await lab.web.holdFaults([fault('process.kill', {})])
  await lab.untilState('killed')
  await until('the end of both', () => [first.own, first.worker].every((pid) => !isAlive(pid)))
  expect(lab.logs().map(({ message }) => message)).not.toContain('told to stop')
  await lab.web.holdFaults([])
  await lab.untilState('up')
  await lab.web.holdFaults([fault('process.shutdown', { graceMs: 5_000, restartAfterMs: 1_000 })])
  await lab.untilState('killed')
  await lab.untilLogged('told to stop')
  await lab.web.holdFaults([])
  await lab.place([{ orderId: '1' }])
  await lab.untilSent(1)
})

function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
}
