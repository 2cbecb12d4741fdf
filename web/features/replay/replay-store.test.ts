import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useLive } from '#web/live/live-store.ts'
import { emptySnapshot } from '#web/live/snapshot.fixture.ts'
import { useReplay } from './replay-store.ts'

/** Moments that were asked for, and what answers the last of them. */
let asked: number[] = []
let answer: () => void = () => {}

beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', (path: string) => {
    const t = Number(new URL(path, 'http://lab').searchParams.get('t'))
    asked.push(t)
    return new Promise<Response>((resolve) => {
      answer = () => resolve(Response.json({ t, keyframeAt: t, snapshot: { ...emptySnapshot, at: t } }))
    })
  })
})
afterEach(() => {
  useReplay.getState().close()
  vi.unstubAllGlobals()
})

const shown = (t: number) => vi.waitFor(() => expect(useLive.getState().replay?.at).toBe(t), { timeout: 20_000 })

test('steps of the playhead while it plays ask for nothing; what is sought last is shown, and where it is', async () => {
  const { seek, play } = useReplay.getState()
  seek(1_000)
  play(true)
  useReplay.setState({ t: 1_016 })
  answer()
  await shown(1_000)
  expect(asked).toEqual([1_000])

  seek(1_250)
  seek(1_500)
  useReplay.setState({ t: 1_516 })
  answer()
  await vi.waitFor(() => expect(asked).toEqual([1_000, 1_250, 1_500]), { timeout: 20_000 })
  answer()
  await shown(1_500)

  useReplay.setState({ t: 1_532 })
  play(false)
  await vi.waitFor(() => expect(asked).toEqual([1_000, 1_250, 1_500, 1_532]), { timeout: 20_000 })
  answer()
  await shown(1_532)
  expect(useReplay.getState()).toMatchObject({ t: 1_532, playing: false, problem: undefined })
})
