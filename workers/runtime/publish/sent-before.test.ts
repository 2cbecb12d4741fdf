import { expect, test } from 'vitest'
import { createSentBefore } from './sent-before.ts'

test('the newest keys are kept, by number and by bytes', async () => {
  const few = createSentBefore({ maxEntries: 2 })
  for (const key of ['a', 'b', 'c']) few.add(key, Promise.resolve(`of ${key}`))
  expect(['a', 'b', 'c'].map((key) => few.find(key) !== undefined)).toEqual([false, true, true])
  const small = createSentBefore({ maxBytes: 5_000 })
  for (let n = 0; n < 10; n += 1) small.add(`${n}${'x'.repeat(999)}`, Promise.resolve('id'))
  const kept = Array.from({ length: 10 }, (_, n) => small.find(`${n}${'x'.repeat(999)}`) !== undefined)
  expect(kept.filter(Boolean)).toHaveLength(2)
  expect(kept.slice(-2)).toEqual([true, true])
})

test('what was not acknowledged is forgotten, and a later one in its place is not', async () => {
  const sent = createSentBefore()
  let settle: (id: string | undefined) => void = () => undefined
  const first = new Promise<string | undefined>((resolve) => {
    settle = resolve
  })
  sent.add('a', first)
  sent.add('a', Promise.resolve('second'))
  settle(undefined)
  await first
  expect(await sent.find('a')).toBe('second')
  sent.add('b', Promise.resolve(undefined))
  await sent.find('b')
  expect(sent.find('b')).toBeUndefined()
})
