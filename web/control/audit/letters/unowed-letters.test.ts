import { expect, test } from 'vitest'
import { createUnnamedLetters } from '../../ledger/counters.ts'
import { unowedLetters } from './unowed-letters.ts'

const groups = [{ name: 'db' }, { name: 'mail' }]
const discarded = { messageId: undefined, wasOf: () => false }

test('letters that nobody published are counted by group and broker, without discarded ones, also after a checkpoint', () => {
  const letters = createUnnamedLetters()
  letters.add('local', 'db', 3)
  letters.add('kafka', 'db', 9)
  letters.add('local', 'db', -1)
  const unnamedDeadLetters = createUnnamedLetters()
  unnamedDeadLetters.restore(letters.state())
  const seen = (broker: 'local' | 'kafka', count: number) =>
    unowedLetters({ unnamedDeadLetters }, broker, groups, { of: () => Array.from({ length: count }, () => discarded) })
  expect(seen('local', 0)).toEqual({ db: 2 })
  expect(seen('local', 1)).toEqual({ db: 1 })
  expect(seen('local', 2)).toEqual({})
  expect(unowedLetters({ unnamedDeadLetters }, 'kafka', groups, undefined)).toEqual({ db: 9 })
})

test('a checkpoint from before brokers could be chosen is of the first one', () => {
  const unnamedDeadLetters = createUnnamedLetters()
  unnamedDeadLetters.restore([['db', 4]])
  expect(unowedLetters({ unnamedDeadLetters }, 'local', groups, undefined)).toEqual({ db: 4 })
})
