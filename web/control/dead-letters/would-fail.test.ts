import { expect, test } from 'vitest'
import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { createDataValidators } from '../lab/data-validators.ts'
import { wouldFail } from './would-fail.ts'

const letter = (seq: number, over: Partial<DeadLetterItem> = {}): DeadLetterItem => ({
  ...{ id: `consumer-db/${seq}`, messageId: `producer-1:1:user_signup:${seq}`, type: 'user_signup' },
  ...{ topic: 'user_signup', group: 'consumer-db', error: { type: 'E', message: 'm' }, attempts: 4, receiveCount: 4 },
  ...{ payload: { email: 'ada@example.com' }, raw: '', headers: { ce_dataversion: '1' }, at: '', cause: 'c' },
  ...over,
})
const sources = {
  eventType: (name: string) => builtInEventTypes.find((type) => type.name === name),
  validator: createDataValidators().of,
}
const found = async (...items: DeadLetterItem[]) =>
  (await wouldFail(items, sources)).map(({ count, why }) => [count, why])

test('only what no handler would see is said to fail', async () => {
  const noEvent: DeadLetterItem = letter(4, { payload: {} })
  delete noEvent.messageId
  const noJson = letter(5)
  delete noJson.payload
  expect(await found(letter(1))).toEqual([])
  expect(await found(noEvent)).toEqual([[1, 'no event: its headers carry no identity']])
  expect(await found(noJson)).toEqual([[1, 'its body is not JSON']])
  expect(await found(letter(2, { payload: {} }), letter(3, { payload: {} }))).toEqual([
    [2, 'its data breaks user_signup v1: /email is required'],
  ])
})

test('a schema that is not known, or another one than it was published under, proves nothing', async () => {
  expect(await found(letter(1, { type: 'gone', payload: {} }))).toEqual([])
  expect(await found(letter(1, { headers: { ce_dataversion: '7' }, payload: {} }))).toEqual([])
})
