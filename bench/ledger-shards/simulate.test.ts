import { expect, test } from 'vitest'
import { simulate } from './simulate.ts'

// It rejects by itself where counts or watermarks do not come out as the load has them.
test.each([1, 3, 10])('%i shards together know what one knows', (shards) => {
  const cost = simulate({ shards, partitions: 30, producers: 17, perSecond: 4_000, seconds: 3 })
  expect(cost.mergeBytesPerSecond).toBeGreaterThan(0)
})
