import { until } from '../../until.ts'
import type { Expectation } from '../expectation.ts'
import type { ProveLab } from '../prove-lab.ts'
import { type DefectRow, db, redelivered, untilHarmed } from './defect-row.ts'

const skipped = (whom: Expectation['whom'] = 'all'): Expectation[] => [
  { name: 'premature_commit', by: 'ledger', group: db },
  { name: 'lost_message', by: 'ledger', group: db, whom },
]

/** Three messages that come right although they were reported too early, and three that a kill finds in flight. */
async function killInHand(lab: ProveLab): Promise<number> {
  await lab.orders(3)
  await lab.group(db, 'three delivered', ({ delivered }) => delivered === 3)
  const slow = await lab.begin({ type: 'handler.latency', target: { service: db }, params: { latencyMs: 120_000 } })
  await lab.orders(3)
  await until(
    'the premature acknowledgements',
    async () => lab.harms().filter(({ what }) => what === 'harmed').length === 6,
  )
  await lab.group(db, 'three in flight', ({ handling }) => handling === 3)
  const kill = await lab.begin({ type: 'process.kill', target: { service: db }, params: { restartAfterMs: 500 } })
  const { observedAt = '' } = await lab.observed(kill)
  await lab.end(slow)
  return Date.parse(observedAt)
}

/** How a worker settles a message that it was given, and what a redrive does. */
export const settlingRows: readonly DefectRow[] = [
  {
    defect: 'commit-before-handling',
    fault: 'handler.latency, process.kill',
    expected: skipped('not mended'),
    verdict: 'fail',
    provoke: killInHand,
  },
  {
    defect: 'delete-receipt-early',
    fault: 'handler.latency, process.kill',
    expected: skipped('not mended'),
    verdict: 'fail',
    provoke: killInHand,
  },
  {
    defect: 'swallow-error',
    fault: 'handler.error of half',
    expected: skipped(),
    verdict: 'fail',
    async provoke(lab) {
      await lab.begin({ type: 'handler.error', target: { service: db }, percent: 50, seed: 3 })
      await lab.orders(10)
      await lab.group(db, 'nothing open', ({ owed, delivered, lost }) => owed === 10 && delivered + lost === 10)
      return undefined
    },
  },
  {
    defect: 'drop-on-rebalance',
    fault: 'process.shutdown of a replica',
    expected: skipped(),
    verdict: 'fail',
    async provoke(lab) {
      const target = { service: db, instance: `${db}-2` }
      const shut = await lab.begin({
        type: 'process.shutdown',
        target,
        params: { graceMs: 4_000, restartAfterMs: 4_000 },
      })
      await lab.observed(shut)
      await lab.healed(shut)
      // Those who were there all the time have heard of a rebalance by then.
      await lab.calm()
      await lab.orders(10)
      await lab.group(db, 'nothing open', ({ owed, delivered, lost }) => owed === 10 && delivered + lost === 10)
      return undefined
    },
  },
  {
    defect: 'commit-past-end',
    fault: 'load alone',
    expected: [{ name: 'impossible_position', by: 'ledger', group: db }],
    // What a partition gets after such a commit was committed before anybody had it.
    follows: ['premature_commit'],
    verdict: 'fail',
    async provoke(lab) {
      await lab.orders(3)
      await untilHarmed(lab, 1)
      for (const group of [db, 'consumer-email'])
        await lab.group(group, 'three delivered', ({ delivered }) => delivered === 3)
      return undefined
    },
  },
  {
    defect: 'lose-last-batch',
    fault: 'handler.latency, process.shutdown',
    expected: skipped(),
    verdict: 'fail',
    async provoke(lab) {
      const slow = await lab.begin({ type: 'handler.latency', target: { service: db }, params: { latencyMs: 120_000 } })
      await lab.orders(4)
      let inHand = 0
      // Two of one partition come one after the other, and then only the first is in flight.
      await lab.group(db, 'as many in flight as can be', ({ handling, waiting }) => {
        const isFull = handling >= 2 && handling + waiting === 4 && handling === inHand
        inHand = handling
        return isFull
      })
      const params = { graceMs: 8_000, restartAfterMs: 500 }
      const shut = await lab.begin({ type: 'process.shutdown', target: { service: db }, params })
      await lab.observed(shut)
      await lab.end(slow)
      await untilHarmed(lab, inHand)
      return undefined
    },
  },
  {
    defect: 'dead-letter-delivered',
    fault: 'ack.lost at the consumer',
    expected: [{ name: 'double_settlement', by: 'ledger', group: db }],
    byFault: ['duplicate_delivery'],
    verdict: 'fail',
    provoke: (lab) => redelivered(lab, 4),
  },
  {
    defect: 'retry-early',
    fault: 'handler.error',
    expected: [{ name: 'early_retry', by: 'ledger', group: db }],
    // Two of one partition: the first is retried after the second was handed out.
    byFault: ['reordered_delivery'],
    verdict: 'fail',
    async provoke(lab) {
      await lab.policy(db, { initialIntervalMs: 5_000, jitter: 'none', maximumAttempts: 2 })
      await lab.begin({ type: 'handler.error', target: { service: db } })
      await lab.orders(4)
      await lab.group(db, 'four dead letters', ({ dead_lettered }) => dead_lettered === 4)
      return undefined
    },
  },
  {
    defect: 'ack-while-running',
    fault: 'handler.latency',
    expected: [{ name: 'premature_commit', by: 'ledger', group: db }],
    verdict: 'fail',
    async provoke(lab) {
      await lab.begin({ type: 'handler.latency', target: { service: db }, params: { latencyMs: 2_000 } })
      await lab.orders(3)
      await untilHarmed(lab, 3)
      await lab.group(db, 'three delivered', ({ delivered }) => delivered === 3)
      return undefined
    },
  },
  {
    defect: 'redrive-to-all',
    fault: 'handler.error, a redrive',
    expected: [
      { name: 'duplicate_delivery', by: 'ledger', group: 'consumer-email' },
      { name: 'duplicate_effect', by: 'ledger', group: 'consumer-email' },
    ],
    byFault: ['duplicate_write'],
    verdict: 'pass',
    async provoke(lab) {
      await lab.policy(db, { maximumAttempts: 1 })
      const failing = await lab.begin({ type: 'handler.error', target: { service: db } })
      await lab.orders(4)
      await lab.group(db, 'four dead letters', ({ dead_lettered }) => dead_lettered === 4)
      await lab.group('consumer-email', 'four mails', ({ delivered }) => delivered === 4)
      await lab.end(failing)
      await lab.redrive(db)
      await lab.group(db, 'four delivered', ({ delivered }) => delivered === 4)
      return undefined
    },
  },
]
