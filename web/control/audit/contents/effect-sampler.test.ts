import { expect, test } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { consumers, idOf } from '../audit.fixture.ts'
import { createEffectSampler } from './effect-sampler.ts'

/** A sampler over a store that a test fills; `pass` lets time go by, and it looks. */
function sampled() {
  let now = 1_000_000
  const stored = new Set<string>()
  const missing: string[] = []
  const asked: string[][] = []
  let isAway = false
  const sampler = createEffectSampler({
    consumers: () => consumers,
    reader: {
      async present(_kind, _consumer, ids) {
        if (isAway) throw new Error('away')
        asked.push([...ids])
        return new Set(ids.filter((id) => stored.has(id)))
      },
    },
    missing: (id, group) => missing.push(`${id} ${group}`),
    now: () => now,
    random: () => 0.5,
  })
  const delivered = (...seqs: number[]): void => {
    const deliveries = seqs.map((seq) => ({
      ...{ id: idOf(seq), attempt: 1, receiveCount: 1, startedAt: now, endedAt: now, outcome: 'ok' as const },
      effect: { kind: 'row' as const, ref: `orders/${seq}` },
    }))
    const record: TelemetryRecord = {
      kind: 'delivery.ended',
      at: now,
      group: 'consumer-db',
      instance: 'consumer-db-1',
      deliveries,
    }
    sampler.take([record])
  }
  const pass = async (ms: number): Promise<void> => {
    now += ms
    await sampler.look()
  }
  const figures = () => sampler.list().find(({ group }) => group === 'consumer-db')
  return {
    stored,
    missing,
    asked,
    delivered,
    pass,
    figures,
    away: (given: boolean) => {
      isAway = given
    },
  }
}

test('an effect that is not there is reported within seconds, after a second look', async () => {
  const { stored, missing, delivered, pass, figures } = sampled()
  stored.add(idOf(1))
  delivered(1, 2, 3)
  await pass(0)
  await pass(1_000)
  expect(missing).toEqual([])
  // Its transaction was committed meanwhile.
  stored.add(idOf(3))
  await pass(2_000)
  expect(missing).toEqual([`${idOf(2)} consumer-db`])
  expect(figures()).toEqual({ group: 'consumer-db', delivered: 3, looked: 3, missing: 1, samples: [idOf(2)] })
})

test('of many a share is looked up, and the share is reported', async () => {
  const { asked, delivered, pass, figures } = sampled()
  delivered(...Array.from({ length: 500 }, (_, index) => index + 1))
  await pass(0)
  await pass(1_000)
  expect(asked.map((ids) => ids.length)).toEqual([20])
  await pass(2_000)
  expect(figures()).toMatchObject({ delivered: 500, looked: 20 })
})

test('a store that does not answer proves nothing', async () => {
  const { stored, missing, delivered, pass, figures, away } = sampled()
  delivered(1)
  away(true)
  await pass(0)
  await pass(60_000)
  expect(missing).toEqual([])
  away(false)
  stored.add(idOf(1))
  await pass(1_000)
  expect({ missing, figures: figures() }).toMatchObject({ missing: [], figures: { looked: 1, missing: 0 } })
})
