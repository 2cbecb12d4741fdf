import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useLive } from '#web/live/live-store.ts'
import { read, readState, refetchAfterLoss, serverState, understood } from './server-state.ts'

const problem = { type: '/problems/internal', title: 'No', status: 500, detail: '', code: 'internal' } as const
const client = new QueryClient({ defaultOptions: serverState.getDefaultOptions() })
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
  client.clear()
  useLive.setState({ connection: 'connecting' })
})

/** A query that is on screen, and how often it was asked. */
function shown(ask: () => unknown) {
  let asked = 0
  const observer = new QueryObserver(client, {
    queryKey: ['shown'],
    queryFn: async () => {
      asked += 1
      return ask()
    },
  })
  ends.push(observer.subscribe(() => {}))
  return { asked: () => asked, result: () => observer.getCurrentResult() }
}

describe('what was read from the server', () => {
  it('fails with a problem document where the server does not answer', async () => {
    await expect(read('/api/faults', z.unknown())).rejects.toMatchObject({ code: 'internal', status: 0 })
  })

  it('fails with a problem document where the answer is not what it should be', () => {
    expect(understood({ items: [1] }, z.object({ items: z.array(z.int()) }))).toEqual({ items: [1] })
    expect(() => understood({ items: 'x' }, z.object({ items: z.array(z.int()) }))).toThrow(
      expect.objectContaining({ title: 'The answer is not understood' }),
    )
  })

  it('is asked for once, not again, when it is refused', async () => {
    const query = shown(() => Promise.reject(problem))
    await expect.poll(() => readState({ data: undefined, error: query.result().error })).toBe('failed')
    expect(query.result().error).toBe(problem)
    expect(query.asked()).toBe(1)
  })

  it('is asked for again when the lab is back after it was lost, and stays in sight meanwhile', async () => {
    ends.push(refetchAfterLoss(client))
    const answers = ['before', 'after']
    const query = shown(() => answers.shift())
    await expect.poll(() => query.result().data).toBe('before')
    useLive.setState({ connection: 'live' })
    useLive.setState({ connection: 'lost' })
    expect(query.asked()).toBe(1)
    useLive.setState({ connection: 'live' })
    expect(query.result().data).toBe('before')
    await expect.poll(() => query.result().data).toBe('after')
    expect(query.asked()).toBe(2)
  })

  it('is loading, there, or failed; a failure does not hide that it was there', () => {
    expect(readState({ data: undefined, error: null })).toBe('loading')
    expect(readState({ data: [], error: null })).toBe('ready')
    expect(readState({ data: [], error: problem })).toBe('failed')
  })
})
