/**
 * Started by the row `ledger` with a number of messages: applies the telemetry of so many publishes that nobody has handled
 * yet, says so, and then for every message `{messages}` lets that many be published and as many of the oldest handled, so that
 * the backlog stays as it is. Answers the CPU time of it.
 */

import { testContext } from '../../web/control/traces/apply-context.fixture.ts'
import { applyRecord } from '../../web/control/traces/apply-record.ts'
import { wholeLife } from '../../web/control/traces/telemetry-life.fixture.ts'

export interface WorldAnswer {
  cpuUs: number
  rssBytes: number
}

const batch = 500
const groups = ['consumer-email', 'consumer-db']
const place = { segment: 1, offset: 0 }
const ignore = (): void => undefined
const other = { log: ignore, gauges: ignore, burst: ignore, fault: ignore, assigned: ignore }
const context = testContext({ now: Date.now })
const outstanding = Number(process.argv[2])
const at = Date.now()
let published = 0
let handled = 0

function publish(): void {
  for (const record of wholeLife(published + 1, batch, [], at)) applyRecord(context, other, record, place)
  published += batch
}

function handle(): void {
  for (const record of wholeLife(handled + 1, batch, groups, at).slice(2)) applyRecord(context, other, record, place)
  handled += batch
}

function answer(cpuUs: number): void {
  const said: WorldAnswer = { cpuUs, rssBytes: process.memoryUsage.rss() }
  process.send?.(said)
}

process.on('message', ({ messages }: { messages: number }) => {
  const before = process.cpuUsage()
  for (let count = 0; count < messages; count += batch) {
    publish()
    handle()
  }
  const { user, system } = process.cpuUsage(before)
  const counts = context.ledger.groups.at('order_placed', 'consumer-db')
  if (counts.waiting !== outstanding) throw new Error(`the backlog is ${counts.waiting}, not ${outstanding}`)
  answer(user + system)
})
while (published < outstanding) publish()
answer(0)
