import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatIdentity, parseIdentity } from './identity.ts'

test('an identity reads as it is written', () => {
  fc.assert(
    fc.property(
      fc.record({
        producer: fc.stringMatching(/^[a-zA-Z0-9-]{1,64}$/),
        epoch: fc.integer({ min: 1, max: 2 ** 31 }),
        topic: fc.stringMatching(/^[a-z][a-z0-9_]{0,63}$/),
        seq: fc.integer({ min: 1, max: 10 ** 14 }),
      }),
      (identity) => {
        expect(parseIdentity(formatIdentity(identity))).toEqual(identity)
      },
    ),
  )
})

test.each([
  '',
  'a:b',
  'producer-1:0:t:1',
  'producer-1:1:t:0',
  'producer-1:01:t:1',
  'producer-1:1:T:1',
  'p:1:t:1:1',
  'p:1:t:1\n',
])('what is not an identity is refused: %j', (text) => {
  expect(parseIdentity(text)).toBeUndefined()
})
