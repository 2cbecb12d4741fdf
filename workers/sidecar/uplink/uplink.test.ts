import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type FixtureWeb, fixtureConfig, startFixtureWeb } from '../fixtures/fixture-web.ts'
import { until } from '../fixtures/sidecar-process.ts'
import { createTelemetryBuffer } from '../telemetry/telemetry-buffer.ts'
import { openUplink, type Uplink } from './uplink.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close()
})

async function openWeb(port = 0): Promise<FixtureWeb> {
  const web = await startFixtureWeb(port)
  open.push(web)
  return web
}

/** An uplink without workers, whose frames the test makes. */
function openLink(url: string, maxBytes = 64 * 1024 * 1024, answerTimeoutMs = 10_000) {
  const buffer = createTelemetryBuffer({ maxBytes, onDropped: () => undefined })
  const troubles: (string | undefined)[] = []
  const uplink: Uplink = openUplink({
    ...{ url, buffer, answerTimeoutMs, quietMs: 0 },
    auth: { token: 't', service: 'consumer-x', sidecarId: 's' },
    status: () => ({
      service: 'consumer-x',
      pid: 1,
      replicas: [],
      links: [],
      faults: [],
      droppedFrames: buffer.dropped(),
    }),
    onConfigure: async () => ({ id: 0, ok: true }),
    onCommand: async () => ({ id: 0, ok: true, results: [] }),
    onFaults: () => undefined,
    onTrouble: (problem) => troubles.push(problem),
  })
  open.push(uplink)
  const incarnation = randomUUID()
  let seq = 0
  return {
    ...{ uplink, buffer, troubles },
    report(count: number, bytes = 2) {
      for (let n = 0; n < count; n += 1) {
        seq += 1
        buffer.push({ source: 'consumer-x-1', incarnation, seq, body: Buffer.from(`[]${' '.repeat(bytes - 2)}`) })
        uplink.wake()
      }
    },
  }
}

const distinct = (web: FixtureWeb) => new Set(web.frames.map(({ seq }) => seq)).size

test('one push is on its way at a time; what comes meanwhile goes together in the next', async () => {
  const web = await openWeb()
  const { uplink, report, buffer } = openLink(web.url)
  const answers: (() => void)[] = []
  web.beforeAck = () => new Promise((resolve) => answers.push(resolve))
  report(1)
  await until('the first push', () => answers.length === 1)
  for (let round = 0; round < 20; round += 1) report(40)
  // The connection keeps the order: a push that was sent before this status would be here when it is.
  const statuses = web.statuses.length
  uplink.statusNow()
  await until('a status after them', () => web.statuses.length > statuses)
  expect(answers).toHaveLength(1)
  answers[0]?.()
  await until('the second push', () => answers.length === 2)
  answers[1]?.()
  await until('all frames', () => buffer.length() === 0)
  expect(answers).toHaveLength(2)
  expect(web.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 801 }, (_, index) => index + 1))
})

test('a control plane that answers too late gets the same frames again, under the same numbers', async () => {
  const web = await openWeb()
  const { report, buffer } = openLink(web.url, undefined, 100)
  const late: (() => void)[] = []
  let pushes = 0
  web.beforeAck = async () => {
    pushes += 1
    // A push that comes again was given up: the first two are answered only then.
    if (pushes <= 2) await new Promise<void>((resolve) => late.push(resolve))
  }
  report(10)
  await until('the second push', () => late.length === 2)
  late[0]?.()
  await until('the third push', () => pushes === 3)
  late[1]?.()
  await until('all frames', () => buffer.length() === 0 && web.frames.length === 30)
  expect(distinct(web)).toBe(10)
})

test('frames that did not fit while the control plane was away are counted and leave a gap', async () => {
  const away = await openWeb()
  await away.close()
  const { report, troubles, buffer } = openLink(away.url, 100 * 1_200)
  report(1_000, 1_000)
  await until('the trouble', () => troubles[0]?.includes('cannot be reached'))
  const web = await openWeb(Number(new URL(away.url).port))
  await until('what is left', () => buffer.length() === 0 && web.frames.length > 0)
  await until('the count', () => web.status()?.droppedFrames === 900)
  expect(web.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, index) => 901 + index))
  expect(troubles.at(-1)).toBeUndefined()
})

test('a flush gives up when its time is over', async () => {
  const web = await openWeb()
  web.beforeAck = () => new Promise(() => undefined)
  const { uplink, report, buffer } = openLink(web.url)
  report(3)
  await until('the connection', () => web.statuses.length > 0)
  await uplink.flush(50)
  expect(buffer.length()).toBe(3)
})

test('an epoch is waited for until someone asks it to stop', async () => {
  const away = await openWeb()
  await away.close()
  const { uplink } = openLink(away.url)
  const stop = new AbortController()
  const asked = uplink.epoch('producer-1', stop.signal)
  stop.abort(new Error('stopping'))
  await expect(asked).rejects.toThrow('stopping')
})

test('what cannot be read is answered with a refusal', async () => {
  const web = await openWeb()
  openLink(web.url)
  await until('the connection', () => web.statuses.length > 0)
  const broken: object = { broker: 'none' }
  expect(await web.configure(Object.assign(fixtureConfig(1), broken))).toMatchObject({
    ok: false,
    error: { type: 'BadCommand' },
  })
})
