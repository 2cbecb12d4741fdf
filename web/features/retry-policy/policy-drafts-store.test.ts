import { expect, it } from 'vitest'
import { policyDraftOf } from './policy-draft.ts'
import { draftKey, usePolicyDrafts } from './policy-drafts-store.ts'

const state = () => usePolicyDrafts.getState()
const key = draftKey('consumer-db', 'order_placed')
const draft = policyDraftOf({ maximumAttempts: 7 })

it('keeps a draft until it is saved or discarded, each for its own consumer and type', () => {
  state().edit(key, draft)
  expect(state().drafts).toEqual({ [key]: draft })
  expect(state().drafts[draftKey('consumer-db', undefined)]).toBeUndefined()
  state().saved(key, 5)
  expect([state().drafts, state().savedAt]).toEqual([{}, { [key]: 5 }])
  // What is typed after it is not saved any more.
  state().edit(key, draft)
  expect(state().savedAt).toEqual({})
  state().discard(key)
  expect(state().drafts).toEqual({})
})
