import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { flowList } from '#contracts/api/flow.ts'
import { labBroker } from '#contracts/api/lab-broker.ts'
import { type Lab, startLab } from './lab.ts'
import { redisMissing } from './redis.ts'
import { until } from './until.ts'

const missing = await redisMissing('a switch of brokers under a chain')

/** Three hops; work takes long enough that events of every hop are under way when a switch begins. */
const chain = `apiVersion: faultline/v1
kind: Lab
metadata: { name: chain }
events:
  order_placed: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } }, key: orderId }
  payment_captured: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } }, key: orderId }
  shipment_sent: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } }, key: orderId }
services:
  shop: { sends: [order_placed] }
  payment: { receives: [order_placed], sends: [payment_captured], simulate: { work: { p50: 20ms, p99: 100ms }, fails: 5% } }
  warehouse: { receives: [payment_captured], sends: [shipment_sent], simulate: { work: { p50: 20ms, p99: 100ms } } }
  consumer-db: { receives: [shipment_sent], builtin: database }
flows:
  checkout: { starts: order_placed, ends: [shipment_sent], within: 10m }
`

const ledger = z.object({
  groups: z.array(z.object({ group: z.string(), owed: z.int(), delivered: z.int(), lost: z.int() })),
})

let folder = ''
let lab: Lab | undefined
beforeAll(async () => {
  if (missing !== undefined) return
  folder = mkdtempSync(join(tmpdir(), 'faultline-chain-switch-'))
  const file = join(folder, 'faultline.yaml')
  writeFileSync(file, chain)
  lab = await startLab({ FAULTLINE_LAB: file, BROKER: 'local' })
}, 300_000)
afterAll(async () => {
  await lab?.stop()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
}, 60_000)

const read = async (path: string): Promise<unknown> => (await fetch(`${lab?.url}${path}`)).json()
const send = (method: string, path: string, body: unknown) =>
  fetch(`${lab?.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/**
 * Publishes until it is stopped; events that the lab refuses while it switches are not counted. `unknown`: those of which
 * nobody can say whether the broker has them.
 */
function publishing(): { taken: () => number; unknown: () => number; stop: () => Promise<void> } {
  let [taken, unknown] = [0, 0]
  let goesOn = true
  const done = (async () => {
    for (let number = 0; goesOn; number += 1) {
      const answer = await send('POST', '/event', { type: 'order_placed', data: { orderId: `o-${number}` } })
      if (answer.status === 202) taken += 1
      else if (answer.status === 504) unknown += 1
      else expect([409, 503]).toContain(answer.status)
      await answer.arrayBuffer()
    }
  })()
  // It is thrown where the load is stopped.
  done.catch(() => undefined)
  return {
    taken: () => taken,
    unknown: () => unknown,
    stop: () => {
      goesOn = false
      return done
    },
  }
}

async function switchTo(broker: 'local' | 'redis'): Promise<void> {
  expect((await send('PUT', '/api/lab/broker', { broker })).status).toBe(202)
  const ended = await until(
    `the switch to ${broker}`,
    async () => {
      const now = labBroker.parse(await read('/api/lab/broker'))
      return now.state === 'ready' && now.switch?.outcome !== undefined && now
    },
    300_000,
  )
  expect([ended.broker, ended.switch?.outcome]).toEqual([broker, 'done'])
}

test.skipIf(missing !== undefined)(
  'a switch to Redis and back under a running chain loses no flow',
  async () => {
    const load = publishing()
    const more = async (least: number): Promise<void> => {
      const before = load.taken()
      await until(`${least} more events`, async () => load.taken() >= before + least, 120_000)
    }
    await more(20)
    await switchTo('redis')
    await more(20)
    await switchTo('local')
    await more(20)
    await load.stop()
    const least = load.taken()
    const flows = await until(
      'the end of every flow',
      async () => {
        const [figures] = flowList.parse(await read('/api/flows?limit=1')).figures
        return figures !== undefined && figures.started >= least && figures.open === 0 && figures
      },
      240_000,
    )
    const { started } = flows
    expect(started).toBeLessThanOrEqual(least + load.unknown())
    expect(flows).toMatchObject({ ended: started, overdue: 0, conflicting: 0 })
    const groups = await until(
      'every group to have what it is owed',
      async () => {
        const { groups: all } = ledger.parse(await read('/api/ledger'))
        return all.every(({ owed, delivered }) => owed === delivered) && all
      },
      120_000,
    )
    const owed = (group: string): number => groups.reduce((sum, one) => sum + (one.group === group ? one.owed : 0), 0)
    expect(owed('payment')).toBe(started)
    expect(groups.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
  },
  900_000,
)
