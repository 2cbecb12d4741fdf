import { expect, it } from 'vitest'
import type { FlowQuery } from '#contracts/api/flow.ts'
import { InvalidCursor } from '../journeys/search.ts'
import { openTestApi } from './fixtures/test-api.ts'

const row = {
  ...{ id: 'shop-1:1:order_placed:1', flow: 'checkout', number: 1, startedAt: '2026-01-02T03:04:05.000Z' },
  ...{ state: 'open' as const, endedBy: [], events: 1, deliveries: 0, unsettled: 1 },
  lastEvent: { type: 'order_placed', service: 'shop', at: '2026-01-02T03:04:05.000Z' },
}

it('lists flows by what is asked for, and refuses what it does not know', async () => {
  const { app, world } = await openTestApi()
  const asked: FlowQuery[] = []
  world.flows.list = (query) => {
    asked.push(query)
    if (query.cursor !== undefined) throw new InvalidCursor('no cursor of this list')
    return { figures: [], flows: [row], cursor: 'n1' }
  }
  const answer = await app.inject('/api/flows?state=overdue&q=paid&order=unusual&limit=5')
  expect(answer.json()).toEqual({ figures: [], flows: [row], cursor: 'n1' })
  expect(asked).toEqual([{ state: 'overdue', q: 'paid', order: 'unusual', limit: 5 }])
  expect((await app.inject('/api/flows?cursor=n1')).json()).toMatchObject({ status: 400, code: 'invalid_cursor' })
  for (const query of ['state=late', 'limit=0', 'order=oldest', 'since=1']) {
    expect((await app.inject(`/api/flows?${query}`)).json()).toMatchObject({ status: 400, code: 'invalid_query' })
  }
  await app.close()
})

it('shows a flow by the id of its first event', async () => {
  const { app, world } = await openTestApi()
  world.flows.view = (id) => (id === row.id ? { ...row, withinMs: 60_000, journeys: [], dropped: 1 } : undefined)
  expect((await app.inject(`/api/flows/${row.id}`)).json()).toMatchObject({ flow: 'checkout', dropped: 1 })
  expect((await app.inject('/api/flows/nobody')).json()).toMatchObject({ status: 404, code: 'unknown_flow' })
  await app.close()
})
