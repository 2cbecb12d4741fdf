/** Started by the row `ledger` with a number of messages: so many acknowledged and unhandled in the ledger alone, without journeys. */
import { Ledger } from '../../web/control/ledger/ledger.ts'
import type { WorldAnswer } from './world.ts'

const count = Number(process.argv[2])
const before = process.memoryUsage.rss()
const ledger = new Ledger()
const sequence = ledger.sequence('producer-1', 1, 'order_placed')
for (let seq = 1; seq <= count; seq += 1) {
  ledger.attempt(sequence, seq, 'order_placed')
  for (const group of ['consumer-email', 'consumer-db']) ledger.expect(sequence, seq, group)
  ledger.publishOutcome(sequence, seq, 'order_placed', 'acked')
}
const { waiting } = ledger.groups.at('order_placed', 'consumer-db')
if (waiting !== count) throw new Error(`the ledger has ${waiting} waiting, not ${count}`)
const said: Pick<WorldAnswer, 'rssBytes'> = { rssBytes: process.memoryUsage.rss() - before }
process.send?.(said)
process.disconnect?.()
