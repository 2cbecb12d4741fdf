import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import { isAlive } from '../../../test/is-alive.ts'
import { type FixtureWeb, startFixtureWeb } from '../fixtures/fixture-web.ts'
import { openSidecars, until } from '../fixtures/sidecar-process.ts'
import { processState } from '../replicas/process-state.ts'

let sidecars: Awaited<ReturnType<typeof openSidecars>>
let web: FixtureWeb
const open: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  sidecars = await openSidecars()
  web = await startFixtureWeb()
})
afterEach(async () => {
  await sidecars.close()
  await web.close()
  for (const close of open.splice(0)) await close()
})

const fault = (type: string, more: Partial<HeldFault> = {}): HeldFault => ({
  ...{ id: `f-${type}`, type, by: 'sidecar-process', percent: 100, params: {}, seed: 1 },
  ...more,
})
const replicas = () => web.status()?.replicas ?? []
const up = (count = 1) =>
  until(
    'the replicas',
    () => replicas().length === count && replicas().every(({ state }) => state === 'up') && replicas(),
  )
const statusOf = (id: string): HeldFaultStatus | undefined => web.status()?.faults.find((found) => found.id === id)
const inState = (id: string, state: HeldFaultStatus['state']) =>
  until(`${id} ${state}`, () => statusOf(id)?.state === state && statusOf(id))
const stateOf = (pid: number | null | undefined, letter: string) => async (): Promise<void> => {
  await expect.poll(() => processState(pid ?? 0), { timeout: 20_000 }).toBe(letter)
}

test('a killed worker stays dead until the fault is healed, and is seen dead when it is', async () => {
  sidecars.start(web.url)
  const [before] = await up()
  const at = Date.now()
  expect(await web.holdFaults([fault('process.kill')])).toEqual({ ok: true })
  const active = await inState('f-process.kill', 'active')
  expect(active.observedAt).toBeGreaterThanOrEqual(at)
  expect(active.hits).toBe(1)
  expect(isAlive(before?.pid ?? 0)).toBe(false)
  await until('the word', () => replicas()[0]?.state === 'killed' && replicas()[0]?.pid === null)
  // It speaks once a second and at every change; a restart would have begun within 200 ms.
  const statusesBefore = web.statuses.length
  await until('further words', () => web.statuses.length >= statusesBefore + 2)
  expect(new Set(web.statuses.slice(statusesBefore).map((status) => status.replicas[0]?.state))).toEqual(
    new Set(['killed']),
  )
  await web.holdFaults([])
  const [after] = await up()
  expect(after?.pid).not.toBe(before?.pid)
  await until('the end', () => web.status()?.faults.length === 0)
})

test('a worker that is shut down says its last words, and starts again when the time is over, without a word from web', async () => {
  sidecars.start(web.url)
  await up()
  await web.holdFaults([fault('process.shutdown', { params: { graceMs: 5_000 }, endsAt: Date.now() + 2_500 })])
  await inState('f-process.shutdown', 'active')
  const lines = () => web.records().flatMap((record) => (record.kind === 'log' ? [record.message] : []))
  await until('its last words', () => lines().includes('finished what was in flight'))
  await inState('f-process.shutdown', 'ended')
  await up()
  expect(replicas()[0]?.restarts).toBe(1)
})

test('a paused worker is seen stopped, takes no command, and goes on', async () => {
  sidecars.start(web.url, { FAULTLINE_REPLICAS: '2' })
  const [first, second] = await up(2)
  await web.holdFaults([fault('process.pause', { instance: 'consumer-fixture-1' })])
  await inState('f-process.pause', 'active')
  await stateOf(first?.pid, 'T')()
  await until('the word', () => replicas()[0]?.state === 'paused')
  expect(await processState(second?.pid ?? 0)).not.toBe('T')
  await web.holdFaults([])
  await stateOf(first?.pid, 'S')()
  expect((await up(2))[0]?.pid).toBe(first?.pid)
  expect(await web.publish({ do: 'log', count: 1 }, 'consumer-fixture-1')).toMatchObject({ ok: true })
})

test('a sidecar that is killed leaves no stopped worker behind', async () => {
  const sidecar = sidecars.start(web.url)
  const [worker] = await up()
  await web.holdFaults([fault('process.pause')])
  await stateOf(worker?.pid, 'T')()
  sidecar.child.kill('SIGKILL')
  await until('the end of the worker', () => !isAlive(worker?.pid ?? 0))
})

test('a sidecar that stops while its worker is paused or held dead stops all the same', async () => {
  for (const type of ['process.pause', 'process.kill']) {
    const sidecar = sidecars.start(web.url)
    const [worker] = await up()
    await web.holdFaults([fault(type)])
    await inState(`f-${type}`, 'active')
    sidecar.child.kill('SIGTERM')
    expect(await sidecar.exited).toBe(0)
    expect(isAlive(worker?.pid ?? 0)).toBe(false)
  }
})

test('a fault ends in time while web is away, and its status says so when web is back', async () => {
  const sidecar = sidecars.start(web.url)
  await up()
  const port = Number(new URL(web.url).port)
  const endsAt = Date.now() + 3_000
  await web.holdFaults([fault('process.kill', { endsAt })])
  await inState('f-process.kill', 'active')
  await web.close()
  await until('the end of the fault', () => sidecar.output().includes('healed process.kill'))
  expect(Date.now()).toBeGreaterThanOrEqual(endsAt)
  web = await startFixtureWeb(port)
  await inState('f-process.kill', 'ended')
  await up()
  await web.holdFaults([])
  await until('the end', () => web.status()?.faults.length === 0)
})

test('what cannot be done fails with the reason, and only that', async () => {
  sidecars.start(web.url)
  await up()
  await web.holdFaults([
    fault('process.kill', { id: 'nobody', instance: 'consumer-fixture-9' }),
    fault('link.down', { id: 'nowhere', by: 'sidecar-link', link: 'consumer-fixture->moon' }),
    fault('process.pause', { id: 'possible' }),
  ])
  expect((await inState('nobody', 'failed')).detail).toBe('there is no replica consumer-fixture-9')
  expect((await inState('nowhere', 'failed')).detail).toBe('this worker has no link consumer-fixture->moon now')
  await inState('possible', 'active')
  await web.holdFaults([])
  await until('the end', () => web.status()?.faults.length === 0)
})

test('a link that is cut refuses the worker, and takes it again on the same port', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).write('welcome'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  sidecars.start(web.url, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` })
  await up()
  expect(await web.publish({ do: 'connect', port })).toMatchObject({ ok: true })
  await web.holdFaults([fault('link.down', { by: 'sidecar-link', link: 'consumer-fixture->broker' })])
  await inState('f-link.down', 'active')
  expect(await web.publish({ do: 'connect', port })).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('ECONNREFUSED') },
  })
  await web.holdFaults([])
  await until('the end', () => web.status()?.faults.length === 0)
  expect(await web.publish({ do: 'connect', port })).toMatchObject({ ok: true })
})

test('a worker gets its faults at once and at each start, and an event loop that is blocked is reported by itself', async () => {
  sidecars.start(web.url)
  const [first] = await up()
  const blocking = fault('process.block', { by: 'runtime', params: { blockMs: 200, everyMs: 60_000 } })
  await web.holdFaults([blocking])
  await inState(blocking.id, 'armed')
  const reports = () => web.records().flatMap((record) => (record.kind === 'fault.observed' ? [record] : []))
  const report = await until('its report', () => reports()[0])
  expect(report).toMatchObject({ fault: blocking.id, instance: 'consumer-fixture-1', hits: 1 })
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await until('the report of its successor', () => reports().length === 2)
  await web.holdFaults([])
  await until('the end', () => web.status()?.faults.length === 0)
})
