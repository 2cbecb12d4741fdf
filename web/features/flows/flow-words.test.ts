import { expect, test } from 'vitest'
import { flowFiltersOf, flowPage } from './flow-filters.ts'
import { flowName, flowTime, stateWords } from './flow-words.ts'

test('a state is shown with what is known beyond it', () => {
  expect(stateWords({ state: 'open', endedBy: [], unsettled: 2 })).toEqual({ word: 'open', detail: '2 not settled' })
  expect(stateWords({ state: 'ended', endedBy: ['shipment_sent'], unsettled: 0 })).toEqual({
    word: 'ended by shipment_sent',
  })
  expect(stateWords({ state: 'overdue', endedBy: [], unsettled: 0 }).detail).toBe('no end, nothing moves')
  expect(stateWords({ state: 'overdue', endedBy: [], unsettled: 1 }).detail).toBe('1 not settled')
  expect(stateWords({ state: 'conflicting', endedBy: ['a', 'b'], unsettled: 0 }).detail).toBe('a and b seen')
})

test('the time of a flow without an end goes on, and never backwards where clocks differ', () => {
  const startedAt = '2026-01-01T00:00:00.000Z'
  const start = Date.parse(startedAt)
  expect(flowTime({ startedAt, tookMs: 1_900 }, start + 99_000)).toBe(1_900)
  expect(flowTime({ startedAt }, start + 240)).toBe(240)
  expect(flowTime({ startedAt }, start - 5)).toBe(0)
  expect(flowName({ flow: 'checkout', number: 4_812 })).toBe('checkout #4812')
})

test('filters are read from the address, and what no flow could have is left out', () => {
  const read = (query: string) => flowFiltersOf(new URLSearchParams(query))
  expect(read('flowName=checkout&flowState=overdue&q= a &order=unusual')).toEqual({
    ...{ flow: 'checkout', state: 'overdue', q: 'a', order: 'unusual' },
  })
  expect(read('flowState=lost&order=oldest&q=%20')).toEqual({})
  expect(read(`flowName=${'x'.repeat(50)}`)).toEqual({})
  expect(flowPage({ state: 'open' }, 'c')).toBe('/api/flows?state=open&limit=100&cursor=c')
})
