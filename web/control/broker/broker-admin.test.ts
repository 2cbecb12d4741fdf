import { expect, test } from 'vitest'
import { missingIn } from './broker-admin.ts'

const counts = { visible: 0, inFlight: 0, delayed: 0, deadLetters: 0 }

test('what the broker has lost is named: queues, and topics that no longer lead to one', () => {
  const wiring = { topics: [], groups: [{ group: 'payment', types: ['order_placed'], topics: ['order_placed'] }] }
  const queues = [{ group: 'payment', ...counts }]
  const bindings = [{ topic: 'order_placed', group: 'payment' }]
  expect(missingIn({ queues, bindings }, wiring)).toEqual([])
  expect(missingIn({ queues, bindings: [] }, wiring)).toEqual(['order_placed → payment'])
  expect(missingIn({ queues: [], bindings }, wiring)).toEqual(['the queue of payment'])
})
