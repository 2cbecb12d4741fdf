import { expect, test } from 'vitest'
import { chartRowsOf, groupsIn, seriesOf } from './chart-rows.ts'

const point = (at: number) => ({
  at,
  published: 5,
  delivered: { 'consumer-db': 4 },
  retries: {},
  lag: { 'consumer-db': 1, 'consumer-email': 2 },
  p50Ms: { 'consumer-db': null },
  p99Ms: { 'consumer-db': 20 },
})

test('every group that is spoken of has a column, and a gap where a second has no value', () => {
  const groups = groupsIn([point(1_000)])
  expect(groups).toEqual(['consumer-db', 'consumer-email'])
  expect(chartRowsOf([point(1_000)], ['delivered', 'p50Ms'], groups)).toEqual([
    {
      at: 1_000,
      published: 5,
      'delivered:consumer-db': 4,
      'delivered:consumer-email': null,
      'p50Ms:consumer-db': null,
      'p50Ms:consumer-email': null,
    },
  ])
})

test('series name the measure only where there are several', () => {
  expect(seriesOf({ lag: 'lag' }, ['consumer-db'])).toMatchObject([{ key: 'lag:consumer-db', label: 'consumer-db' }])
  expect(seriesOf({ p50Ms: 'p50', p99Ms: 'p99' }, ['consumer-db']).map((one) => one.label)).toEqual([
    'db p50',
    'db p99',
  ])
  const [p50, p99] = seriesOf({ p50Ms: 'p50', p99Ms: 'p99' }, ['consumer-db'])
  expect(p50?.look).toEqual(p99?.look)
  expect([p50?.thin, p99?.thin]).toEqual([true, undefined])
})
