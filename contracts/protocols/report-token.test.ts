import { expect, test } from 'vitest'
import { replicaOfToken, reportTokenOf } from './report-token.ts'

const agent = 'a secret of the agents'

test('a token names its replica, and no other one', () => {
  const token = reportTokenOf(agent, 'payment-1')
  expect(replicaOfToken(agent, token)).toBe('payment-1')
  expect(token).not.toContain(agent)
  for (const wrong of ['', '.', 'payment-1', token.replace('payment-1', 'payment-2'), `${token}x`, token.slice(0, -1)])
    expect(replicaOfToken(agent, wrong), wrong).toBeUndefined()
  expect(replicaOfToken('another lab', token)).toBeUndefined()
})
