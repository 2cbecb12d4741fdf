import { expect, it } from 'vitest'
import type { MessageQuery, MessageRow } from '#contracts/api/journey.ts'
import { createBurstOutcomes } from './burst-outcomes.ts'

const row = (seq: number, states: MessageRow['groups'][number]['state'][]): MessageRow => ({
  ...{ id: `producer-1:1:order_placed:${seq}`, type: 'order_placed', topic: 'order_placed', broker: 'local' },
  ...{ publishedAt: '2026-01-01T00:00:00.000Z', publish: 'acked' },
  groups: states.map((state, index) => ({ group: index === 0 ? 'consumer-email' : 'consumer-db', state, attempts: 1 })),
})

/** A search through `rows`, which counts how often it was asked. */
function searchOver(rows: MessageRow[]) {
  const asked: MessageQuery[] = []
  return {
    asked,
    search(query: MessageQuery) {
      asked.push(query)
      const from = Number(query.cursor ?? 0)
      const items = rows.slice(from, from + query.limit)
      return from + query.limit < rows.length ? { items, nextCursor: String(from + query.limit) } : { items }
    },
  }
}

it('counts every message of a burst, beyond one page, each state in its column', async () => {
  const rows = [
    ...Array.from({ length: 1_200 }, (_, seq) => row(seq, ['delivered', 'delivered'])),
    row(1_200, ['dead_lettered', 'delivered']),
    row(1_201, ['retrying', 'waiting']),
    row(1_202, ['lost', 'handling']),
  ]
  const { search, asked } = searchOver(rows)
  const counted = createBurstOutcomes(search)
  const [first, second] = await Promise.all([counted.of('burst-1'), counted.of('burst-1')])
  expect(first).toEqual({
    ...{ messages: 1_203, open: 2 },
    groups: [
      {
        ...{ group: 'consumer-db', owed: 1_203, delivered: 1_201, inFlight: 2 },
        retrying: 0,
        deadLettered: 0,
        lost: 0,
      },
      {
        ...{ group: 'consumer-email', owed: 1_203, delivered: 1_200, inFlight: 0 },
        retrying: 1,
        deadLettered: 1,
        lost: 1,
      },
    ],
  })
  expect(second).toBe(first)
  expect(asked).toHaveLength(3)
  expect(asked.every(({ burst }) => burst === 'burst-1')).toBe(true)
})

it('counts nothing where no journey is kept', async () => {
  expect(await createBurstOutcomes(searchOver([]).search).of('burst-1')).toEqual({ messages: 0, open: 0, groups: [] })
})
