import { afterEach, describe, expect, it } from 'vitest'
import { api } from '#web/http/api.ts'
import { useLive } from './live-store.ts'
import { endReplay, heldReason, replayPatch, showMoment } from './replay.ts'
import { emptySnapshot } from './snapshot.fixture.ts'

afterEach(endReplay)

describe('a moment of the past', () => {
  it('is shown in place of what is live, and lets nobody change anything', async () => {
    showMoment(emptySnapshot, { at: 5_000, pace: 0, words: 'at 5.0 s' })
    expect(useLive.getState()).toMatchObject({ at: 5_000, nodes: emptySnapshot.nodes, replay: { words: 'at 5.0 s' } })
    const answer = await api.post('/event', {})
    expect(answer).toMatchObject({ ok: false, problem: { detail: heldReason } })
    useLive.setState({ logs: { service: 'producer', lines: [], skipped: 3 } })
    endReplay()
    // The snapshot that follows brings the newest lines again.
    expect(useLive.getState()).toMatchObject({ replay: undefined, logs: undefined })
  })

  it('is in a link', () => {
    expect(replayPatch(5_000.4)).toEqual({ at: '5000', run: undefined })
    expect(replayPatch('2026-01-02T03:04:05Z', 'r1')).toEqual({ at: '2026-01-02T03:04:05Z', run: 'r1' })
  })
})
