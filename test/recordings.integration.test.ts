import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { labBroker } from '#contracts/api/lab-broker.ts'
import { ledgerReport } from '#contracts/api/ledger.ts'
import { recording } from '#contracts/api/recording.ts'
import { type Run, run } from '#contracts/api/run.ts'
import { fault } from '#contracts/faults/fault.ts'
import { type Lab, startLab } from './lab.ts'
import { readJson, sendJson } from './lab-client.ts'
import { redisMissing } from './redis.ts'
import { until } from './until.ts'

const noRedis = await redisMissing('a recording that moves the lab to Redis')

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(async () => {
  await lab?.stop()
})

const get = <Schema extends z.ZodType>(path: string, schema: Schema) => readJson(`${lab.url}${path}`, schema)
const send = async (path: string, body: unknown, method?: string): Promise<unknown> =>
  (await sendJson(`${lab.url}${path}`, body, method)).json()
/** Nothing is unsettled, and `topic` has at least so many messages. */
const settled = (topic: string, least: number): Promise<unknown> =>
  until('everything settled', async () => {
    const { groups, publishes } = await get('/api/ledger', ledgerReport)
    const open = groups.reduce((sum, row) => sum + row.waiting + row.handling + row.retrying, 0)
    return open === 0 && (publishes.find((row) => row.topic === topic)?.acked ?? 0) >= least
  })
const moveTo = async (broker: string): Promise<void> => {
  await send('/api/lab/broker', { broker }, 'PUT')
  await until(
    `the lab on ${broker}`,
    async () => {
      const now = await get('/api/lab/broker', labBroker)
      return now.broker === broker && now.state === 'ready'
    },
    120_000,
  )
}
const ranAgain = async (scenario: string | undefined): Promise<Run> => {
  const begun = await send('/api/scenarios/runs', { scenario })
  expect(begun, 'the run has begun').toMatchObject({ id: expect.any(String) })
  const { id } = run.parse(begun)
  return until(
    `the end of ${id}`,
    async () => {
      const now = await get(`/api/scenarios/runs/${id}`, run)
      return now.state === 'ended' ? now : undefined
    },
    120_000,
  )
}

describe('recordings in a real lab', () => {
  test('what is recorded by hand is done again by its file, and compared with what was counted then', async () => {
    const { id } = recording.parse(await send('/api/recordings', { name: 'by-hand' }))
    expect(await send('/api/recordings', {})).toMatchObject({ code: 'recording_running' })
    const target = { service: 'consumer-db' }
    const errors = fault.parse(
      await send('/api/faults', { type: 'handler.error', target, params: { errorType: 'Tried' } }),
    )
    for (const name of ['Ada', 'Bob', 'Cyd'])
      await send('/event', { type: 'user_signup', data: { email: `${name}@example.com`, name } })
    await until('a hit', async () =>
      (await get('/api/faults', z.object({ items: z.array(fault) }))).items.some(
        ({ id: one, observedAt }) => one === errors.id && observedAt !== undefined,
      ),
    )
    await fetch(`${lab.url}/api/faults/${errors.id}`, { method: 'DELETE' })
    await send('/api/bursts', { type: 'order_placed', count: 12, ratePerSecond: 20 })
    await settled('order_placed', 12)
    const ended = recording.parse(await send(`/api/recordings/${id}/stop`, {}))
    expect(ended).toMatchObject({ published: 3, bursts: 1, faults: 1, remarks: [] })
    const again = await ranAgain(ended.scenario)
    expect([again.verdict, again.reasons]).toEqual(['pass', []])
    expect(again.sample?.acked).toBe(15)
    expect(again.checks.find((check) => check.id === 'recorded-acked')).toMatchObject({
      result: 'pass',
      values: { '': 15 },
    })
    expect(again.narration?.length).toBeGreaterThanOrEqual(4)
  }, 300_000)

  test.skipIf(noRedis)(
    'a switch of the broker that is recorded is done again by the file, and the lab comes back to its broker',
    async () => {
      const acked = (await get('/api/ledger', ledgerReport)).publishes.find(
        ({ topic }) => topic === 'user_signup',
      )?.acked
      const { id } = recording.parse(await send('/api/recordings', { name: 'moved' }))
      const publish = (name: string) =>
        send('/event', { type: 'user_signup', data: { email: `${name}@example.com`, name } })
      for (const name of ['Ada', 'Bob']) await publish(name)
      await settled('user_signup', (acked ?? 0) + 2)
      await moveTo('redis')
      for (const name of ['Cyd', 'Dan', 'Eve']) await publish(name)
      await settled('user_signup', (acked ?? 0) + 5)
      const ended = recording.parse(await send(`/api/recordings/${id}/stop`, {}))
      expect(ended).toMatchObject({ published: 5, changes: 1, remarks: [] })
      await moveTo('local')
      const again = await ranAgain(ended.scenario)
      expect([again.verdict, again.reasons, again.notes]).toEqual(['pass', [], []])
      expect(again.sample?.acked).toBe(5)
      expect(again.steps).toMatchObject([
        { failed: false, detail: expect.stringMatching(/^moved the lab from local to redis in /) },
        { id: 'rollback', failed: false, detail: expect.stringMatching(/^moved the lab from redis to local in /) },
      ])
      expect(await get('/api/lab/broker', labBroker)).toMatchObject({ broker: 'local', state: 'ready' })
    },
    300_000,
  )
})
