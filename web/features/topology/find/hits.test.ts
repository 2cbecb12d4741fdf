import { expect, test } from 'vitest'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { hitsOf, stepFrom } from './hits.ts'

const node = (kind: TopologyNode['kind'], name: string): TopologyNode => ({
  id: `${kind}:${name}`,
  kind,
  name,
  state: 'up',
})
const nodes = ['checkout-saga', 'payment-capture', 'payment-refund'].flatMap((name) => [
  node('consumer', name),
  node('queue', name),
])
const lag = (depth: number, oldestAgeMs?: number) => ({
  ...{ ratePerSecond: 1, total: 1, depth },
  ...(oldestAgeMs === undefined ? {} : { oldestAgeMs }),
})
const figures = {
  'queue:checkout-saga': lag(1_842, 4_900),
  'queue:payment-capture': lag(412),
  'queue:payment-refund': lag(3),
  'consumer:payment-refund': { ratePerSecond: 9, total: 1 },
}

test('hits are services, by what is asked for, the largest first', () => {
  expect(hitsOf('lag > 100', nodes, figures)).toEqual([
    { id: 'consumer:checkout-saga', name: 'checkout-saga', value: 1_842, oldestMs: 4_900 },
    { id: 'consumer:payment-capture', name: 'payment-capture', value: 412, oldestMs: undefined },
  ])
  expect(hitsOf('rate > 5', nodes, figures)?.map(({ name, value }) => [name, value])).toEqual([['payment-refund', 9]])
  expect(hitsOf('payment', nodes, figures)?.map(({ name }) => name)).toEqual(['payment-capture', 'payment-refund'])
  expect(hitsOf('', nodes, figures)).toBeUndefined()
  expect(hitsOf('nobody', nodes, figures)).toEqual([])
})

test('a comparison is asked of the value that is listed, and what has no queue has no lag', () => {
  const more = [...nodes, node('producer', 'till')]
  const found = (text: string) => hitsOf(text, more, figures)?.map(({ name, value }) => [name, value])
  expect(found('lag < 5')).toEqual([['payment-refund', 3]])
  expect(found('lag < 500')).toEqual([
    ['payment-capture', 412],
    ['payment-refund', 3],
  ])
  // Its queue alone has a rate of 1.
  expect(found('rate < 5')).not.toContainEqual(['payment-refund', 9])
  expect(found('rate < 1')).toEqual([['till', 0]])
})

test('steps go through the hits and round', () => {
  const hits = hitsOf('lag > 0', nodes, figures) ?? []
  const names = (shown: string | undefined, steps: 1 | -1) => stepFrom(hits, shown, steps)?.name
  expect([names(undefined, 1), names(undefined, -1)]).toEqual(['checkout-saga', 'payment-refund'])
  expect(names('consumer:checkout-saga', 1)).toBe('payment-capture')
  expect(names('consumer:checkout-saga', -1)).toBe('payment-refund')
  expect(names('consumer:payment-refund', 1)).toBe('checkout-saga')
  expect(stepFrom([], undefined, 1)).toBeUndefined()
})
