import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { isAlive } from '../../test/is-alive.ts'
import { fixtureConfig } from './fixtures/fixture-web.ts'
import { allUp, distinctFloods, logLines, replicas, sidecarLab } from './fixtures/sidecar-lab.ts'
import { until } from './fixtures/sidecar-process.ts'

const lab = sidecarLab()

test('replicas start, take their configuration, do what they are asked, and stop with their sidecar', async () => {
  const web = await lab.openWeb()
  const sidecar = lab.sidecars.start(web.url, { FAULTLINE_REPLICAS: '2' })
  const up = await until('two replicas', allUp(web, 2))
  expect(up.map(({ instance }) => instance)).toEqual(['consumer-fixture-1', 'consumer-fixture-2'])
  expect(await web.publish({ do: 'log', count: 1 }, 'consumer-fixture-2')).toMatchObject({
    ok: true,
    results: [{ id: 'consumer-fixture-2:0:test', state: 'acked' }],
  })
  expect(await web.configure(fixtureConfig(2))).toMatchObject({ ok: true })
  await until('the line of the replica', () => logLines(web).includes('line 1'))
  const record = web.records().find((found) => found.kind === 'log' && found.message === 'line 1')
  expect(record).toMatchObject({ instance: 'consumer-fixture-2', level: 'info', messageId: 'm-1' })
  // What is printed goes another way than what is reported, and may come later.
  await expect.poll(() => sidecar.output()).toMatch(/^\d\d:\d\d:\d\d\.\d{3} consumer-fixture-2 info {2}line 1$/m)
  await until('the gauges', () => web.records().some(({ kind }) => kind === 'gauges'))

  sidecar.child.kill('SIGTERM')
  expect(await sidecar.exited).toBe(0)
  for (const { pid } of up) expect(isAlive(pid ?? 0)).toBe(false)
  expect(logLines(web).filter((line) => line === 'finished what was in flight')).toHaveLength(2)
  await until('the last status', () => replicas(web).every(({ state }) => state === 'stopped'))
})

test('a worker that is killed, or that exits with 0, is started again', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  const [first] = await until('the replica', allUp(web))
  process.kill(first?.pid ?? 0, 'SIGKILL')
  const backoff = await until('the backoff', () =>
    web.statuses.flatMap((status) => status.replicas).find(({ state }) => state === 'backoff'),
  )
  expect(backoff).toMatchObject({ restarts: 1, pid: null, detail: 'ended without a command (SIGKILL)' })
  expect(backoff.nextStartAt).toBeGreaterThan(0)
  const [second] = await until('its successor', () => replicas(web)[0]?.pid !== first?.pid && allUp(web)())
  expect(second).toMatchObject({ restarts: 1 })
  expect(await web.publish({ do: 'exit', code: 0 })).toMatchObject({ ok: false, error: { type: 'WorkerGone' } })
  const third = await until('its successor', () =>
    replicas(web).find(({ restarts, state }) => restarts === 2 && state === 'up'),
  )
  expect(third.pid).not.toBe(second?.pid)
})

test('a command to a replica that is not up is answered at once', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  await until('the replica', allUp(web))
  const open = web.publish({ do: 'hang' })
  process.kill(replicas(web)[0]?.pid ?? 0, 'SIGKILL')
  expect(await open).toMatchObject({ ok: false, error: { type: 'WorkerGone' } })
  await until('the backoff', () => replicas(web)[0]?.state !== 'up')
  expect(await web.publish({})).toMatchObject({ ok: false, error: { type: 'WorkerUnavailable' } })
  expect(await web.publish({}, 'nobody-7')).toMatchObject({ ok: false, error: { type: 'WorkerUnavailable' } })
})

test('a worker ends with its sidecar, however that ends', async () => {
  const web = await lab.openWeb()
  const killed = lab.sidecars.start(web.url)
  const [replica] = await until('the replica', allUp(web))
  killed.child.kill('SIGKILL')
  await until('the end of the worker', () => !isAlive(replica?.pid ?? 0))

  web.statuses.length = 0
  const orphaned = lab.sidecars.start(web.url)
  const [next] = await until('the replica', allUp(web))
  orphaned.child.stdin?.end()
  expect(await orphaned.exited).toBe(0)
  expect(isAlive(next?.pid ?? 0)).toBe(false)
})

test('nobody who reads its output is no reason to stop', async () => {
  const web = await lab.openWeb()
  const sidecar = lab.sidecars.start(web.url)
  await until('the replica', allUp(web))
  sidecar.child.stdout?.destroy()
  sidecar.child.stderr?.destroy()
  await web.publish({ do: 'log', count: 20 })
  await until('the lines', () => logLines(web).includes('line 20'))
  expect(sidecar.child.exitCode).toBeNull()
})

test('every frame arrives once by its number while the control plane goes away and comes back', async () => {
  const first = await lab.openWeb()
  const port = Number(new URL(first.url).port)
  lab.sidecars.start(first.url)
  await until('the replica', allUp(first))
  // Some pushes are taken and never acknowledged: they must come again.
  let pushes = 0
  first.beforeAck = async () => {
    pushes += 1
    if (pushes % 2 === 0) throw new Error('not on disk')
  }
  await first.publish({ do: 'flood', count: 500 })
  await until('the first half', () => distinctFloods(first).length === 500)
  first.beforeAck = () => Promise.reject(new Error('not on disk'))
  await first.publish({ do: 'flood', from: 501, count: 1_000 })
  await until('some of the second half', () => distinctFloods(first).length > 500)
  await first.close()
  const second = await lab.openWeb(port)
  await until('all that was not acknowledged', () => {
    second.frames.push(...first.frames.splice(0))
    return distinctFloods(second).length === 1_000
  })
  expect(new Set(distinctFloods(second)).size).toBe(1_000)
  const seqs = second.frames.filter(({ source }) => source === 'consumer-fixture-1').map(({ seq }) => seq)
  expect(Math.max(...seqs)).toBe(new Set(seqs).size)
  await until('the count of lost frames', () => second.status()?.droppedFrames === 0)
})

test('what a worker reported right before it was killed is not lost', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  await until('the replica', allUp(web))
  expect(await web.publish({ do: 'flood', count: 2_000, bytes: 500 })).toMatchObject({ ok: true })
  process.kill(replicas(web)[0]?.pid ?? 0, 'SIGKILL')
  await until('all frames', () => distinctFloods(web).length === 2_000)
})

test('a producer gets a new epoch for every start, and waits while nobody can grant one', async () => {
  const away = await lab.openWeb()
  const port = Number(new URL(away.url).port)
  await away.close()
  const sidecar = lab.sidecars.start(away.url, { FAULTLINE_KIND: 'producer' })
  await until('the start of the sidecar', () => sidecar.output().includes('"ready":true'))
  const web = await lab.openWeb(port)
  await until('the replica', allUp(web))
  expect(await web.publish({})).toMatchObject({ ok: true, results: [{ id: 'consumer-fixture-1:1:test' }] })
  process.kill(replicas(web)[0]?.pid ?? 0, 'SIGKILL')
  await until('its successor', () => replicas(web)[0]?.restarts === 1 && allUp(web)())
  expect(await web.publish({})).toMatchObject({ ok: true, results: [{ id: 'consumer-fixture-1:2:test' }] })
  expect(web.epochs).toEqual(['consumer-fixture-1', 'consumer-fixture-1'])
})

test('a consumer that publishes gets an epoch too, and learns what its service is', async () => {
  const web = await lab.openWeb()
  const body = { kind: 'url', url: 'http://127.0.0.1:8080/$PATH' }
  const sidecar = lab.sidecars.start(web.url, {
    ...{ FAULTLINE_KIND: 'consumer', FAULTLINE_PUBLISHES: '1', FAULTLINE_BODY: JSON.stringify(body) },
    ...{ FAULTLINE_SENDS: 'order_placed,payment_failed', FAULTLINE_CONCURRENCY: '16', FAULTLINE_HOP_LIMIT: '5' },
  })
  await until('the replica', allUp(web))
  expect(await web.publish({ do: 'tell-service' })).toMatchObject({ results: [{ id: 'consumer-fixture-1:1:test' }] })
  const expected = JSON.stringify([body, ['order_placed', 'payment_failed'], 16, 5])
  await until('what it was given', () => sidecar.output().includes(`is ${expected}`))
  expect(web.epochs).toEqual(['consumer-fixture-1'])
})

test('a sidecar that starts while the control plane is away gives its worker the configuration that it kept', async () => {
  const web = await lab.openWeb()
  const port = Number(new URL(web.url).port)
  const before = lab.sidecars.start(web.url)
  await until('the replica', allUp(web))
  await web.configure(fixtureConfig(7))
  before.child.kill('SIGTERM')
  await before.exited
  await web.close()
  const sidecar = lab.sidecars.start(`http://127.0.0.1:${port}`)
  await until('the configuration', () => sidecar.output().includes('configured with revision 7'))
})

test('a sidecar that was shown the door comes back', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  await until('the replica', allUp(web))
  web.kick()
  web.statuses.length = 0
  await until('its return', allUp(web))
})

test('a worker reaches its link and nothing else, and its crash report is passed on', async () => {
  const web = await lab.openWeb()
  // Stays open: an upstream that ends at once is a reset, which can overtake the connection's own success.
  const upstream = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const address = upstream.address()
  const port = typeof address === 'object' && address ? address.port : 0
  lab.sidecars.start(web.url, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` })
  await until('the replica', allUp(web))
  expect(await web.publish({ do: 'connect', port })).toMatchObject({ ok: true })
  const elsewhere = await web.publish({ do: 'connect', port: Number(new URL(web.url).port) })
  expect(elsewhere).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('not a declared link of consumer-fixture') },
  })
  await until('the link in the status', () => web.status()?.links[0]?.id === 'consumer-fixture->broker')
  await web.publish({ do: 'garbage' })
  await until('the crash report', () => logLines(web).includes('Error: something crashed'))
  upstream.close()
})

test('a replica that logs too much is sampled, and the rest counted', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  await until('the replica', allUp(web))
  await web.publish({ do: 'log', count: 1_000 })
  const notice = await until('the count', () =>
    logLines(web).find((line) => line.includes('more lines in this second')),
  )
  expect(Number.parseInt(notice, 10)).toBeGreaterThanOrEqual(1_000 - 200 - 200)
  expect(logLines(web).filter((line) => line.startsWith('line ')).length).toBeLessThan(600)
})
