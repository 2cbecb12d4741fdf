import { expect, test } from 'vitest'
import { Ledger } from '#web/control/ledger/ledger.ts'
import { Merger, reportOf } from './report.ts'

test('the least hold of a partition is that of any shard, and a shard that holds nothing holds nobody back', () => {
  const merger = new Merger(2, 4)
  const ledgers = [new Ledger(), new Ledger()]
  const reported = ledgers.map(() => new Float64Array(4).fill(-1))
  const holds = [Float64Array.of(5, -1, 2 ** 40, -1), Float64Array.of(300, 0, 2 ** 40 - 1, -1)]
  const tell = (): void =>
    ledgers.forEach((ledger, shard) => {
      merger.take(shard, reportOf(ledger, holds[shard] ?? new Float64Array(), reported[shard] ?? new Float64Array()))
    })
  tell()
  expect([...merger.merged()]).toEqual([5, 0, 2 ** 40 - 1, -1])
  holds[0]?.set([-1, 7, 3, -1])
  holds[1]?.set([299, -1, -1, -1])
  tell()
  expect([...merger.merged()]).toEqual([299, 7, 3, -1])
})

test('counts of shards add up, and what did not change is not reported again', () => {
  const merger = new Merger(2, 100)
  const reported = new Float64Array(100).fill(-1)
  for (const shard of [0, 1]) {
    const ledger = new Ledger()
    const sequence = ledger.sequence(`producer-${shard}`, 1, 'order_placed')
    for (let seq = 1; seq <= 10 + shard; seq += 1) ledger.attempt(sequence, seq, 'order_placed')
    merger.take(shard, reportOf(ledger, new Float64Array(100).fill(9), reported))
    expect(reportOf(ledger, new Float64Array(100).fill(9), reported).holds).toHaveLength(0)
  }
  expect(merger.sum('publishes', 'attempted')).toBe(21)
})
