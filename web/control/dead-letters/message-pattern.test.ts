import { expect, test } from 'vitest'
import { messagePattern } from './message-pattern.ts'

test.each([
  ['no row 42 in 1,204.5 ms', 'no row … in … ms'],
  ['order 4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8 is gone', 'order … is gone'],
  ['550 ada@example.com: mailbox full\nstack', '… …: mailbox full'],
  ['value "abc" is too long for `name`', 'value … is too long for …'],
  ['card declined', 'card declined'],
  ['trace deadbeef01 was cut, decade was not', 'trace … was cut, decade was not'],
])('%s', (message, pattern) => expect(messagePattern(message)).toBe(pattern))
