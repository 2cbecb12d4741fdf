import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { definitionOf, faultList } from '#contracts/faults/fault-list.ts'
import { childPid } from './child-pids.ts'
import { faultCases as commonCases } from './fault-cases.ts'
import { type FaultClient, faultClient } from './fault-client.ts'
import { isAlive } from './is-alive.ts'
import { type Lab, startLab } from './lab.ts'
import { simulatorFaultCases } from './simulator-fault-cases.ts'
import { until } from './until.ts'

const faultCases = [...commonCases, ...simulatorFaultCases]
const casesOn = (broker: string) =>
  faultCases.filter(({ input }) => definitionOf(input.type)?.brokers.some((name) => name === broker))

/** Brokers that the cases run on, by name: `FAULTLINE_TEST_BROKERS=local,redis`. */
const brokers = (process.env.FAULTLINE_TEST_BROKERS ?? 'local').split(',')

test('every fault of the catalogue has a case', () => {
  const types = new Set(faultCases.map(({ input }) => input.type))
  expect([...types].sort()).toEqual(faultList.map(({ type }) => type).sort())
})

describe.each(brokers)('faults on %s', (broker) => {
  let lab: Lab
  let client: FaultClient
  beforeAll(async () => {
    lab = await startLab({ BROKER: broker })
    client = faultClient(lab.url)
    await client.works()
  }, 240_000)
  afterAll(async () => {
    await lab?.stop()
  })

  test.each(casesOn(broker))('$name is seen, and healed', { timeout: 240_000 }, async ({ input, see, after }) => {
    const { status, body } = await client.inject(input)
    expect(body).toMatchObject({ type: input.type, state: expect.stringMatching(/injecting|active|healing|healed/) })
    expect(status).toBe(201)
    await see(client)
    const seen = await client.observed(body.id)
    expect(Date.parse(seen.observedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(seen.injectedAt ?? '') - 50)
    expect(seen.hits).toBeGreaterThan(0)
    await client.heal(body.id)
    await client.healed(body.id)
    await after?.(client)
    await client.works()
  })

  test('a fault ends in time while the control plane is dead, and one that started again finds what is in effect', {
    timeout: 240_000,
  }, async () => {
    const short = (await client.inject({ type: 'link.down', target: 'consumer-db->database', durationMs: 6_000 })).body
    const long = (await client.inject({ type: 'process.pause', target: 'consumer-email', durationMs: 600_000 })).body
    expect([short.state, long.state]).toEqual(['active', 'active'])
    process.kill(await childPid(lab.dataDir, 'web'), 'SIGKILL')
    await until(
      'the end of the short one in the log of its sidecar',
      async () =>
        lab.output().includes(`(fault ${short.id})`) && lab.output().includes(`healed link.down (fault ${short.id})`),
    )
    await until('a control plane that answers', async () => (await fetch(`${lab.url}/readyz`)).status > 0)
    await client.healed(short.id)
    expect((await client.fault(long.id)).state).toBe('active')
    await client.healAll()
    await client.healed(long.id)
    await client.works()
  })

  test('a sidecar that is killed leaves no stopped worker, and its successor takes the fault up again', {
    timeout: 240_000,
  }, async () => {
    const { body } = await client.inject({ type: 'process.pause', target: 'consumer-db', durationMs: 600_000 })
    await client.observed(body.id)
    const paused = (await client.services()).find(({ name }) => name === 'consumer-db')?.replicas ?? []
    process.kill(await childPid(lab.dataDir, 'consumer-db'), 'SIGKILL')
    const pausedPids = paused.flatMap(({ pid }) => pid ?? [])
    expect(pausedPids.length).toBeGreaterThan(0)
    for (const pid of pausedPids) {
      await until(`the end of worker ${pid}`, async () => !isAlive(pid))
    }
    await until('new workers that are paused', async () => {
      const replicas = (await client.services()).find(({ name }) => name === 'consumer-db')?.replicas ?? []
      return replicas.some(({ pid, state }) => state === 'paused' && paused.every((former) => former.pid !== pid))
    })
    await client.healAll()
    await client.healed(body.id)
    await client.works()
  })

  test('a storm of 100 faults is healed at once', { timeout: 300_000 }, async () => {
    const kinds = faultCases
      .map(({ input }) => input)
      .filter(({ type }) => type !== 'broker.down' && type !== 'broker.pause')
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const kind = kinds[index % kinds.length] ?? { type: '' }
        return client.inject({
          ...kind,
          ...(kind.type.startsWith('process.') ? {} : { durationMs: 600_000 }),
          seed: index,
        })
      }),
    )
    const taken = answers.filter(({ status }) => status === 201)
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 422)).toEqual([])
    expect(taken.length).toBeGreaterThan(60)
    await client.healAll()
    await until(
      'the end of all',
      async () => (await client.faults()).every(({ state }) => state === 'healed' || state === 'failed'),
      60_000,
    )
    await client.works()
  })
})
