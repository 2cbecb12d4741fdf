import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { Ledger } from '../ledger/ledger.ts'
import { outstandingOf } from './outstanding.ts'

const groups = ['consumer-email', 'consumer-db']
const brokers = ['local', 'redis', 'kafka'] as const

/** One step in the life of a message; `epoch` represents its broker. */
const step = fc.record({
  epoch: fc.integer({ min: 1, max: 3 }),
  seq: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1020, max: 1030 })),
  what: fc.constantFrom('attempt', 'acked', 'failed', 'indeterminate', 'delivered', 'deadLettered'),
  group: fc.constantFrom(...groups),
})

it('counts what a plain count of every message counts', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ledger = new Ledger()
      const publishes = new Map<string, { broker: BrokerName; answered: boolean }>()
      const obligations = new Map<string, { broker: BrokerName; group: string; settled: boolean }>()
      for (const { epoch, seq, what, group } of steps) {
        const sequence = ledger.sequence(`producer-${epoch}`, 1, 'a')
        const broker = brokers[epoch - 1] ?? 'local'
        sequence.broker = broker
        const id = `${epoch}:${seq}`
        if (what === 'attempt') {
          if (ledger.attempt(sequence, seq, 'a')) publishes.set(id, { broker, answered: false })
          continue
        }
        const known = publishes.get(id)
        if (!known) continue
        if (what === 'delivered' || what === 'deadLettered') {
          const owed = obligations.get(`${id} ${group}`)
          if (owed && ledger.settle(sequence, seq, group, what, 'waiting')) owed.settled = true
          continue
        }
        if (what === 'acked' && !known.answered) {
          for (const name of groups) {
            ledger.owe(sequence, seq, name)
            obligations.set(`${id} ${name}`, { broker, group: name, settled: false })
          }
        }
        if (!known.answered) ledger.publishOutcome(sequence, seq, 'a', what)
        known.answered = true
      }
      for (const wanted of brokers) {
        const { publishes: open, groups: owing } = outstandingOf(ledger, (broker) => broker === wanted)
        expect(open).toBe([...publishes.values()].filter((one) => one.broker === wanted && !one.answered).length)
        for (const group of groups) {
          const unsettled = [...obligations.values()].filter(
            (one) => one.broker === wanted && one.group === group && !one.settled,
          )
          expect(owing.get(group) ?? 0).toBe(unsettled.length)
        }
      }
    }),
  )
})
