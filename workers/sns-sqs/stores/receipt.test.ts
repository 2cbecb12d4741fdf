import { expect, test } from 'vitest'
import { parseReceipt, receiptsOf } from './receipt.ts'

test('a receipt is read as it was made', () => {
  const receipt = receiptsOf(1_796_071_493_000, 1_796_071_999_999)(Number.MAX_SAFE_INTEGER, 120_000)
  expect(parseReceipt(receipt)).toEqual({
    queue: 1_796_071_493_000,
    key: Number.MAX_SAFE_INTEGER,
    receiveCount: 120_000,
    receivedAt: 1_796_071_999_999,
  })
  expect(parseReceipt(receiptsOf(0, 0)(0, 1))).toEqual({ queue: 0, key: 0, receiveCount: 1, receivedAt: 0 })
})

test('a receipt of an older version names no time', () => {
  expect(parseReceipt('FL-1-z-10')).toEqual({ queue: 1, key: 35, receiveCount: 36 })
})

test.each([
  ...['', 'FL', 'FL-', 'FL-1', 'FL-1-2', 'FL-1-2-', 'FL-1--3', 'FL-1-2-3-', 'FL-1-2-3-4-', 'FL-1-2-3-4-5'],
  ...[
    'fl-1-2-3',
    'FL-1-2-A',
    'FL-1-2-3 ',
    ' FL-1-2-3',
    'FL-1-2-3.4',
    'FL-1-2-\u0661',
    'FL-123456789012-2-3',
    'FL-1-2-12345678',
  ],
  ...['FL-1-123456789012-3', 'FL-1-2-3-12345678901', 'FL-1-2-3\n'],
])('%j was never a receipt', (text) => {
  expect(parseReceipt(text)).toBeUndefined()
})
