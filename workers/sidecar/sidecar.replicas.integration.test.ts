import { expect, test } from 'vitest'
import { isAlive } from '../../test/is-alive.ts'
import { type FixtureWeb, fixtureConfig } from './fixtures/fixture-web.ts'
import { allUp, distinctFloods, logLines, replicas, sidecarLab } from './fixtures/sidecar-lab.ts'
import { until } from './fixtures/sidecar-process.ts'

const lab = sidecarLab()
const service = 'consumer-fixture'
const redis = { SNS_SQS_REDIS_ENDPOINT_URL: 'http://127.0.0.1:10' }
const allOn =
  (web: FixtureWeb, broker: string, count = 1) =>
  () =>
    allUp(web, count)() && replicas(web).every((replica) => replica.broker === broker) && replicas(web)

test('replicas are started and stopped as wanted, and one that is stopped loses nothing', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  const [first] = await until('one replica', allUp(web))
  expect(await web.configure(fixtureConfig(1, { replicas: { [service]: 3 } }))).toMatchObject({ ok: true })
  const three = await until('three replicas', allUp(web, 3))
  expect(three.map(({ instance }) => instance)).toEqual([1, 2, 3].map((number) => `${service}-${number}`))
  expect(three[0]?.pid).toBe(first?.pid)
  await web.publish({ do: 'flood', count: 500 }, `${service}-3`)
  await web.configure(fixtureConfig(1, { replicas: { [service]: 1 } }))
  await until('one replica', allUp(web))
  expect(replicas(web)[0]?.pid).toBe(first?.pid)
  for (const { pid } of three.slice(1)) expect(isAlive(pid ?? 0)).toBe(false)
  await until('all that it reported', () => distinctFloods(web).length === 500)
  await until(
    'its last words',
    () => logLines(web).filter((line) => line === 'finished what was in flight').length === 2,
  )
})

test('replicas move to another broker and are linked to it alone', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url, { ...redis, FAULTLINE_REPLICAS: '2' })
  const before = await until('the replicas', allOn(web, 'local', 2))
  await web.configure(fixtureConfig(1, { broker: 'redis' }))
  const after = await until('the replicas on the other', allOn(web, 'redis', 2))
  const pids = new Set(before.map(({ pid }) => pid))
  expect(after.some(({ pid }) => pids.has(pid))).toBe(false)
  expect(after.map(({ restarts }) => restarts)).toEqual([0, 0])
  expect(web.statuses.flatMap((status) => status.replicas)).toContainEqual(
    expect.objectContaining({ broker: 'local', state: 'stopping', detail: 'moves to redis' }),
  )
  await until(
    'the link',
    () =>
      web
        .status()
        ?.links.map(({ upstream }) => upstream)
        .join() === '127.0.0.1:10',
  )
  await web.publish({ do: 'tell-broker' })
  const notice = await until('its word', () => logLines(web).find((line) => line.startsWith('runs on')))
  expect(notice).toContain('runs on redis through')
  expect(notice).toContain('"port":10,')
  expect(notice).not.toContain('"port":9,')
})

test('the last of several words counts, whatever was under way', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url, redis)
  await until('the replica', allOn(web, 'local'))
  await Promise.all([
    web.configure(fixtureConfig(1, { broker: 'redis', replicas: { [service]: 2 } })),
    web.configure(fixtureConfig(1, { broker: 'local', replicas: { [service]: 4 } })),
    web.configure(fixtureConfig(1, { broker: 'redis', replicas: { [service]: 3 } })),
  ])
  await until('three replicas', allOn(web, 'redis', 3))
})

test('a broker without an address is reported, and what runs goes on', async () => {
  const web = await lab.openWeb()
  lab.sidecars.start(web.url)
  const [before] = await until('the replica', allUp(web))
  await web.configure(fixtureConfig(1, { broker: 'kafka' }))
  const problem = await until('the problem', () => web.status()?.problem)
  expect(problem).toContain('cannot run on kafka: KAFKA_BROKERS is not set')
  expect(replicas(web)).toMatchObject([{ pid: before?.pid, state: 'up', broker: 'local' }])
  await web.configure(fixtureConfig(1))
  await until('no problem', () => web.status()?.problem === undefined)
  expect(replicas(web)[0]?.pid).toBe(before?.pid)
})

test('a sidecar that starts while the control plane is away runs where it last had to, unless the lab was started again', async () => {
  const web = await lab.openWeb()
  const port = Number(new URL(web.url).port)
  const before = lab.sidecars.start(web.url, { ...redis, BROKER: 'local' })
  await until('the replica', allUp(web))
  await web.configure(fixtureConfig(2, { broker: 'redis', replicas: { [service]: 2 } }))
  await until('the replicas', allOn(web, 'redis', 2))
  before.child.kill('SIGKILL')
  await before.exited
  await web.close()

  const again = lab.sidecars.start(`http://127.0.0.1:${port}`, { ...redis, BROKER: 'local' })
  const back = await lab.openWeb(port, null)
  await until('the replicas as they were', allOn(back, 'redis', 2))
  again.child.kill('SIGKILL')
  await again.exited
  back.statuses.length = 0
  lab.sidecars.start(`http://127.0.0.1:${port}`, {
    ...redis,
    BROKER: 'local',
    FAULTLINE_AGENT_TOKEN: 'of-another-start',
  })
  await until('the replicas as asked for', allOn(back, 'local', 2))
})
