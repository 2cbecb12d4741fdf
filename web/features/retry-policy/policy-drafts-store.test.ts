import { expect, it } from 'vitest'
import { policyDraftOf } from './policy-draft.ts'
import { draftKey, usePolicyDrafts } from './policy-drafts-store.ts'

const state = () => usePolicyDrafts.getState()
const key = draftKey('consumer-db', 'order_placed')
const stored = policyDraftOf({ maximumAttempts: 7 })
const edit = (change: Partial<typeof stored> = {}) => state().edit(key, stored, (before) => ({ ...before, ...change }))
const drafted = () => state().drafts[key]

it('keeps a draft until it is saved or discarded, each for its own consumer and type', () => {
  edit()
  expect(state().drafts).toEqual({ [key]: stored })
  expect(state().drafts[draftKey('consumer-db', undefined)]).toBeUndefined()
  state().saved(key, 5, drafted())
  expect([state().drafts, state().savedAt]).toEqual([{}, { [key]: 5 }])
  // What is typed after it is not saved any more.
  edit()
  expect(state().savedAt).toEqual({})
  state().discard(key)
  expect(state().drafts).toEqual({})
})

it('takes two changes together, and keeps what was typed while an earlier draft was on its way', () => {
  edit({ maximumAttempts: '8' })
  const sent = drafted()
  edit({ jitter: 'full' })
  expect(drafted()).toMatchObject({ maximumAttempts: '8', jitter: 'full' })
  state().saved(key, 5, sent)
  expect(drafted()).toMatchObject({ maximumAttempts: '8', jitter: 'full' })
  state().saved(key, 6, drafted())
  expect(drafted()).toBeUndefined()
})
