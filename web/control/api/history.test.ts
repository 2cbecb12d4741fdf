import { describe, expect, it } from 'vitest'
import { openTestApi } from './fixtures/test-api.ts'

describe('GET /api/history', () => {
  it('answers a moment to its schema by number and by RFC 3339, and what happened around it', async () => {
    const { app, world, past } = await openTestApi()
    await past.open()
    const begin = world.now
    await past.second()
    past.tell('consumer-db-1 is killed', 'service')
    await past.second()
    const range = (await app.inject('/api/history')).json()
    expect(range).toMatchObject({
      from: begin,
      to: begin + 2_000,
      gaps: [],
      marks: [{ label: 'consumer-db-1 is killed' }],
    })
    const byNumber = (await app.inject(`/api/history/at?t=${begin + 1_500}`)).json()
    const byText = (await app.inject(`/api/history/at?t=${new Date(begin + 1_500).toISOString()}`)).json()
    expect(byNumber).toEqual(byText)
    expect(byNumber).toMatchObject({ keyframeAt: begin + 1_000, snapshot: { at: begin + 1_500, events: [] } })
    const step = (await app.inject(`/api/history/next?t=${begin}&direction=forward`)).json()
    expect(step).toMatchObject({ t: begin + 2_000, mark: { kind: 'service' } })
    await past.close()
  })

  it('refuses what is not recorded, and what is not a time, with a problem document', async () => {
    const { app, world, past } = await openTestApi()
    expect((await app.inject('/api/history')).json()).toMatchObject({ from: null, to: null })
    expect((await app.inject(`/api/history/at?t=${world.now}`)).json()).toMatchObject({
      ...{ status: 404, code: 'unknown_moment', detail: expect.stringContaining('nothing is recorded yet') },
    })
    await past.open()
    for (const t of [world.now - 1, world.now + 60_000, 8_640_000_000_000_001]) {
      expect((await app.inject(`/api/history/at?t=${t}`)).json(), String(t)).toMatchObject({ code: 'unknown_moment' })
    }
    for (const query of ['', '?t=', '?t=yesterday', '?t=-1', '?t=NaN', '?t=1&u=2']) {
      expect((await app.inject(`/api/history/at${query}`)).json(), query).toMatchObject({ code: 'invalid_query' })
    }
    expect((await app.inject(`/api/history/messages/producer-1:1:orders:9?t=${world.now}`)).json()).toMatchObject({
      ...{ status: 404, code: 'unknown_message' },
    })
    await past.close()
  })
})
