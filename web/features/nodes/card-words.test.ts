import { expect, test } from 'vitest'
import { cardWords, slotsFor } from './card-words.ts'

const queue = { id: 'queue:consumer-db', kind: 'queue', name: 'consumer-db', state: 'up' } as const
const consumer = { id: 'consumer:consumer-db', kind: 'consumer', name: 'consumer-db', state: 'up' } as const

test('a queue counts all that it has not settled, and says how old the oldest is', () => {
  const words = cardWords(
    queue,
    { ratePerSecond: 1, total: 9, depth: 1_200, inFlight: 80, delayed: 10, oldestAgeMs: 20_600 },
    { in: 1, out: 1 },
  )
  expect(words).toMatchObject({ value: '1,290', unit: ' lag', fact: 'oldest 20.6 s', tone: 'in-flight' })
})

test('slots grow with the magnitude of the backlog', () => {
  expect([0, 1, 10, 100, 1_290, 1_000_000].map(slotsFor)).toEqual([0, 1, 3, 5, 7, 10])
})

test('a consumer says what it retries and when, and first of all what it lost', () => {
  const figures = { ratePerSecond: 1, total: 9, p95Ms: 41 }
  const fact = (owed: Parameters<typeof cardWords>[4]) => cardWords(consumer, figures, { in: 1, out: 1 }, 0, owed).fact
  expect(fact({ retrying: 0, lost: 0 })).toBe('handler p95 41 ms')
  expect(fact({ retrying: 38, lost: 0, dueInMs: 1_240 })).toBe('38 retry in 1.2 s')
  expect(fact({ retrying: 38, lost: 0, dueInMs: -300 })).toBe('38 retry due now')
  expect(fact({ retrying: 38, lost: 0, dueInMs: -19_800 })).toBe('38 overdue 19.8 s')
  expect(fact({ retrying: 38, lost: 2 })).toBe('2 lost')
})

test('an effect shows duplicates in place of its rate', () => {
  const mailbox = { id: 'effect:mailbox', kind: 'effect', name: 'mailbox', state: 'up', effect: 'email' } as const
  const words = (duplicates: number) =>
    cardWords(mailbox, { ratePerSecond: 2, total: 9 }, { in: 1, out: 0 }, 0, { retrying: 0, lost: 0, duplicates })
  expect(words(0).fact).toBe('2.0/s')
  expect(words(3)).toMatchObject({ fact: '3 duplicates, counted' })
  expect(words(3).mark).toBeUndefined()
})

test('an effect that was made once is named in the singular', () => {
  const mailbox = { id: 'effect:mailbox', kind: 'effect', name: 'mailbox', state: 'up', effect: 'email' } as const
  const unit = (total: number) => cardWords(mailbox, { ratePerSecond: 0, total }, { in: 1, out: 0 }).unit
  expect([unit(0), unit(1), unit(2)]).toEqual([' mails', ' mail', ' mails'])
})
