import { describe, expect, it } from 'vitest'
import { chunkSize } from './bit-plane.ts'
import { Ledger } from './ledger.ts'
import { ledgerState, restoreLedger } from './ledger-state.ts'

describe('ledger', () => {
  it('L1 L4 counts each answer once, and lets acked have the last word over indeterminate', () => {
    const ledger = new Ledger()
    const sequence = ledger.sequence('producer-1', 1, 'orders')
    expect(ledger.attempt(sequence, 1, 'order_placed')).toBe(true)
    expect(ledger.attempt(sequence, 1, 'order_placed')).toBe(false)
    ledger.publishOutcome(sequence, 1, 'order_placed', 'indeterminate')
    ledger.publishOutcome(sequence, 1, 'order_placed', 'acked')
    ledger.publishOutcome(sequence, 1, 'order_placed', 'failed')
    expect(ledger.publishes.at('orders', 'order_placed')).toEqual({
      attempted: 1,
      open: 0,
      acked: 1,
      failed: 0,
      indeterminate: 0,
      recovered: 0,
      absent: 0,
    })
  })

  it('L21 drops chunks in whatever order they settle, and keeps what a sequence that ended has heard of early', () => {
    const ledger = new Ledger()
    const sequence = ledger.sequence('producer-1', 1, 'orders')
    const count = chunkSize * 2 + 10
    for (let seq = 1; seq <= count; seq += 1) {
      ledger.attempt(sequence, seq, 'order_placed')
      ledger.owe(sequence, seq, 'consumer-db')
      ledger.publishOutcome(sequence, seq, 'order_placed', 'acked')
    }
    for (let seq = count; seq >= 1; seq -= 1) ledger.settle(sequence, seq, 'consumer-db', 'delivered', 'waiting')
    expect([sequence.watermark, sequence.chunks.size, sequence.completed.size]).toEqual([chunkSize * 2, 1, 0])
    ledger.settle(sequence, count + 1, 'consumer-db', 'delivered', 'waiting')
    ledger.beginEpoch('producer-1', 2)
    expect(sequence.chunks.size).toBe(1)
    expect(ledger.settle(sequence, count + 1, 'consumer-db', 'delivered', 'waiting')).toBe(false)
    expect(ledger.groups.at('orders', 'consumer-db').delivered).toBe(count + 1)
    ledger.attempt(sequence, count + 1, 'order_placed')
    ledger.publishOutcome(sequence, count + 1, 'order_placed', 'acked')
    expect([sequence.watermark, sequence.chunks.size]).toEqual([count + 1, 0])
    expect(ledger.isFinal(sequence, 5)).toBe(true)
  })

  it('L3 is the same after it was stored and read', () => {
    const ledger = new Ledger()
    const sequence = ledger.sequence('producer-1', 3, 'orders')
    for (let seq = 1; seq <= 70; seq += 1) ledger.attempt(sequence, seq, 'order_placed')
    ledger.owe(sequence, 33, 'consumer-db')
    const copy = new Ledger()
    restoreLedger(copy, structuredClone(ledgerState(ledger)))
    expect(ledgerState(copy)).toEqual(ledgerState(ledger))
    expect(copy.find('producer-1:3:orders:33')?.seq).toBe(33)
    expect(copy.find('producer-9:3:orders:33')).toBeUndefined()
  })
})
