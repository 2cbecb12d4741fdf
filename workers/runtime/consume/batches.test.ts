import { expect, test } from 'vitest'
import { batchesOf } from './batches.ts'

test('batches and their sizes make exactly the messages that may be in flight', () => {
  for (let requests = 1; requests <= 64; requests += 1) {
    const { concurrency, batchSize } = batchesOf(requests, true)
    expect(concurrency * batchSize).toBe(requests)
    expect(batchSize).toBeLessThanOrEqual(concurrency)
    expect(batchesOf(requests, false)).toEqual({ concurrency: requests, batchSize: 1 })
  }
  expect(batchesOf(64, true)).toEqual({ concurrency: 8, batchSize: 8 })
})
