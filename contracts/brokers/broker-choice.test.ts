import { expect, test } from 'vitest'
import { brokerAtStart, startIdOf } from './broker-choice.ts'

const kept = { broker: 'redis', start: 'a', given: 'local' } as const

test.each([
  ['the first start takes BROKER', 'kafka', 'a', undefined, 'kafka'],
  ['the first start without BROKER is local', undefined, 'a', undefined, 'local'],
  ['a restart within the same lab goes on', 'local', 'a', kept, 'redis'],
  ['a new start with BROKER is what the user asks for', 'local', 'b', kept, 'local'],
  ['a BROKER that has changed counts, whatever the start', 'kafka', 'a', kept, 'kafka'],
  ['a new start without BROKER goes on', undefined, 'b', kept, 'redis'],
] as const)('%s', (_name, given, start, before, expected) => {
  expect(brokerAtStart(given, start, before)).toBe(expected)
})

test('the name of a start does not tell its token', () => {
  expect(startIdOf('secret')).toMatch(/^[0-9a-f]{16}$/)
  expect(startIdOf('secret')).not.toBe(startIdOf('secrets'))
})
