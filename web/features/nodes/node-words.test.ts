import { expect, test } from 'vitest'
import { shortName } from './node-words.ts'

test('a dead-letter queue is named after its group', () => {
  expect(shortName({ kind: 'dead_letter_queue', name: 'consumer-email-dead-letters' })).toBe('email.dead-letters')
})
