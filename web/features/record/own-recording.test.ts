import { expect, test } from 'vitest'
import type { Recording } from '#contracts/api/recording.ts'
import { endedRecording, oweRecording, takeRecording } from './own-recording.ts'

function tab(owed?: string) {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  if (owed !== undefined) oweRecording(storage, owed)
  return storage
}
const recording = (state: Recording['state']): Recording => ({
  ...{ id: 'rec-1', name: 'mine', state, startedAt: '2026-01-01T12:00:00.000Z', reason: 'it was full' },
  ...{ published: 0, bursts: 0, faults: 0, changes: 0, bytes: 0, scenario: '# mine\n' },
})
const ended = async () => recording('ended')

test('a recording of this tab that ended by itself is given once, with its file and reason', async () => {
  const storage = tab('rec-1')
  expect(await endedRecording(storage, ['rec-1'], ended)).toBeUndefined()
  const both = await Promise.all([endedRecording(storage, [], ended), endedRecording(storage, [], ended)])
  expect(both).toEqual([recording('ended'), undefined])
  expect(await endedRecording(storage, [], ended)).toBeUndefined()
})

test('one that somebody else began, or that this tab ends itself, is not given', async () => {
  expect(await endedRecording(tab(), [], ended)).toBeUndefined()
  const storage = tab('rec-1')
  expect(takeRecording(storage, 'rec-2')).toBe(false)
  expect(takeRecording(storage, 'rec-1')).toBe(true)
  expect(await endedRecording(storage, [], ended)).toBeUndefined()
})

test('where its file cannot be read it is still owed; where the lab has forgotten it, that is reported once', async () => {
  const storage = tab('rec-1')
  const fails = (code: string) => async () => Promise.reject({ code })
  await expect(endedRecording(storage, [], fails('internal'))).rejects.toEqual({ code: 'internal' })
  expect(await endedRecording(storage, [], async () => recording('recording'))).toBeUndefined()
  await expect(endedRecording(storage, [], fails('unknown_recording'))).rejects.toEqual({ code: 'unknown_recording' })
  expect(await endedRecording(storage, [], ended)).toBeUndefined()
})
