import { expect, test } from 'vitest'
import { missingIn, without } from './broker-admin.ts'

const counts = { visible: 0, inFlight: 0, delayed: 0, deadLetters: 0 }

test('what the broker has lost is named: queues, and topics that no longer lead to one', () => {
  const wiring = { topics: [], groups: [{ group: 'payment', types: ['order_placed'], topics: ['order_placed'] }] }
  const queues = [{ group: 'payment', ...counts }]
  const bindings = [{ topic: 'order_placed', group: 'payment' }]
  expect(missingIn({ queues, bindings }, wiring)).toEqual([])
  expect(missingIn({ queues, bindings: [] }, wiring)).toEqual(['order_placed → payment'])
  expect(missingIn({ queues: [], bindings }, wiring)).toEqual(['the queue of payment'])
})

test('bindings of what was deleted are gone at once, whichever end it was', () => {
  const bindings = [
    { topic: 'order_placed', group: 'payment' },
    { topic: 'order_placed', group: 'fraud' },
    { topic: 'parcel_lost', group: 'fraud' },
  ]
  expect(without(bindings, { groups: ['payment'], topics: ['parcel_lost'] })).toEqual([
    { topic: 'order_placed', group: 'fraud' },
  ])
  expect(without(bindings, { groups: [], topics: [] })).toEqual(bindings)
})
