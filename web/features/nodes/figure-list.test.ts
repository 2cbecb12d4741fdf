import { expect, test } from 'vitest'
import { figureList } from './figure-list.ts'

test('only what is measured is listed; a queue begins with its lag', () => {
  const figures = figureList('queue', { ratePerSecond: 2, total: 9, depth: 4, inFlight: 1, delayed: 0 })
  expect(figures.map(({ label, value }) => `${label} ${value}`)).toEqual([
    'lag 5',
    'visible 4',
    'in flight 1',
    'delayed 0',
    'rate 2.0',
    'taken 9',
  ])
  expect(figureList('topic', undefined)).toEqual([])
})

test('a percentile without traffic is a dash', () => {
  expect(figureList('consumer', { ratePerSecond: 0, total: 0, p50Ms: null }).at(-1)).toEqual({
    label: 'p50',
    value: '–',
  })
})
