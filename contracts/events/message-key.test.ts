import { expect, it } from 'vitest'
import { keyProblem, longestKey } from './message-key.ts'

it.each(['a', ' ', 'ключ', '😀', '\t', 'x'.repeat(longestKey), '\ufffd'])('takes %j', (key) => {
  expect(keyProblem(key)).toBeUndefined()
})

it.each([
  ['', 'empty'],
  ['x'.repeat(longestKey + 1), 'at most 256'],
  ['a\ud83d', 'surrogate'],
  ['\udc00b', 'surrogate'],
  ['a\u0000', 'U+0000'],
  ['\u001b', 'U+001B'],
  ['\uffff', 'U+FFFF'],
])('refuses %j', (key, reason) => {
  expect(keyProblem(key)).toContain(reason)
})
