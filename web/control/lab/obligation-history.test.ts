import { expect, it } from 'vitest'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { type DeclaredLab, initialLab } from './declared-lab.ts'
import { createObligationHistory, owedInBoth } from './obligation-history.ts'

const lab = initialLab(defaultLab)
const taking = (eventTypes: string[]): DeclaredLab => ({
  ...lab,
  subscriptions: lab.subscriptions.map((entry) =>
    entry.consumer === 'consumer-db' ? { ...entry, eventTypes } : entry,
  ),
})

it('judges a publish by the moment of its attempt', () => {
  const history = createObligationHistory(lab)
  const next = taking(['payment_failed'])
  history.record(owedInBoth(lab, next), 100)
  history.record(next, 200)
  expect(history.groupsOf('user_signup', 99)).toEqual(['consumer-email', 'consumer-db'])
  expect(history.groupsOf('user_signup', 150)).toEqual(['consumer-email'])
  expect(history.groupsOf('user_signup')).toEqual(['consumer-email'])
  expect(history.groupsOf('payment_failed', 150)).toEqual(['consumer-email'])
  expect(history.groupsOf('payment_failed', 200)).toEqual(['consumer-email', 'consumer-db'])
  expect(history.groupsOf('nothing')).toEqual([])
})

it('owes nothing of a type that is gone', () => {
  const history = createObligationHistory(lab)
  history.record(
    { eventTypes: [], subscriptions: lab.subscriptions.map((entry) => ({ ...entry, eventTypes: [] })) },
    100,
  )
  expect(history.groupsOf('user_signup')).toEqual([])
  expect(history.groupsOf('user_signup', 50)).toHaveLength(2)
})
