import { expect, it } from 'vitest'
import { Coverage, pipeMs } from './coverage.ts'

it('L18 a push that leaves nothing covers what was written until the push before it was acknowledged', () => {
  const coverage = new Coverage()
  coverage.connected('producer', 1_000)
  expect(coverage.of('producer')).toBeUndefined()
  coverage.pushed('producer', 3, 2_000)
  expect(coverage.of('producer')).toBeUndefined()
  coverage.pushed('producer', 0, 3_000)
  expect(coverage.of('producer')).toBe(2_000 - pipeMs)
  coverage.pushed('producer', 2, 4_000)
  expect(coverage.of('producer')).toBe(2_000 - pipeMs)
  coverage.pushed('producer', 0, 5_000)
  expect(coverage.of('producer')).toBe(4_000 - pipeMs)
})

it('L18 all services together are covered as far as the one that is furthest behind, and one never heard whole covers nothing', () => {
  const coverage = new Coverage()
  expect(coverage.oldest()).toBeUndefined()
  coverage.connected('producer', 1_000)
  coverage.pushed('producer', 0, 2_000)
  coverage.connected('consumer-db', 5_000)
  expect(coverage.oldest()).toBeUndefined()
  coverage.pushed('consumer-db', 0, 6_000)
  expect(coverage.oldest()).toBe(1_000 - pipeMs)
})
