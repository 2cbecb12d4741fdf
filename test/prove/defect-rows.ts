import { modeOn } from '#contracts/brokers/retry-policy.ts'
import type { DefectName } from '#contracts/defects.ts'
import { until } from '../until.ts'
import { chainRows } from './chain-rows.ts'
import type { Expectation } from './expectation.ts'
import type { ProveLab } from './prove-lab.ts'

/** A defect, the fault that provokes it, and what must be found. */
export interface DefectRow {
  defect: DefectName
  /** File of the lab that it runs in, from the root of the checkout. Absent: the built-in one. */
  lab?: string
  /** In words, for the table. */
  fault: string
  expected: Expectation[]
  /** Counted anomalies that the fault alone brings about. */
  byFault?: string[]
  /** Other failures that must follow from it, in other messages, where there is time for them to be found. */
  follows?: string[]
  verdict: 'pass' | 'fail' | 'inconclusive'
  /** Publishes, injects and waits until the harm is done. Answers when, where that is later than the defect's own word. */
  provoke(lab: ProveLab): Promise<number | undefined>
}

const db = 'consumer-db'
const skipped = (whom: Expectation['whom'] = 'all'): Expectation[] => [
  { name: 'premature_commit', by: 'ledger', group: db },
  { name: 'lost_message', by: 'ledger', group: db, whom },
]

/** Three messages that come right although they were told of too early, and three that a kill finds in hand. */
async function killInHand(lab: ProveLab): Promise<number> {
  await lab.orders(3)
  await lab.group(db, 'three delivered', ({ delivered }) => delivered === 3)
  const slow = await lab.begin({ type: 'handler.latency', target: { service: db }, params: { latencyMs: 120_000 } })
  await lab.orders(3)
  await until(
    'the premature acknowledgements',
    async () => lab.harms().filter(({ what }) => what === 'harmed').length === 6,
  )
  await lab.group(db, 'three in hand', ({ handling }) => handling === 3)
  const kill = await lab.begin({ type: 'process.kill', target: { service: db }, params: { restartAfterMs: 500 } })
  const { observedAt = '' } = await lab.observed(kill)
  await lab.end(slow)
  return Date.parse(observedAt)
}

const harmed = (lab: ProveLab): number => new Set(lab.harms().map(({ id }) => id)).size
const untilHarmed = (lab: ProveLab, count: number): Promise<unknown> =>
  until(`${count} harmed messages`, async () => harmed(lab) >= count)

/** Handled, and no settlement reaches the broker: it delivers them again, to the same replica as there is but one. */
async function redelivered(lab: ProveLab, count: number): Promise<undefined> {
  await lab.scale(db, 1)
  const lost = await lab.begin({ type: 'ack.lost', target: { service: db }, params: { side: 'consume' } })
  await lab.orders(count)
  await lab.group(db, `${count} delivered`, ({ delivered }) => delivered === count)
  await lab.end(lost)
  await untilHarmed(lab, count)
}

/** Nothing but load: the mistake comes by itself. */
async function nineDelivered(lab: ProveLab): Promise<undefined> {
  await lab.orders(9)
  await untilHarmed(lab, 3)
  for (const group of [db, 'consumer-email'])
    await lab.group(group, 'nine delivered', ({ delivered }) => delivered === 9)
}

export const defectRows: readonly DefectRow[] = [
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
      // Those who were there all the time have been told of a rebalance by then.
      await lab.calm()
      await lab.orders(10)
      await lab.group(db, 'nothing open', ({ owed, delivered, lost }) => owed === 10 && delivered + lost === 10)
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
      // Two of one partition come one after the other, and then only the first is in hand.
      await lab.group(db, 'as many in hand as can be', ({ handling, waiting }) => {
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
    defect: 'skip-inbox',
    fault: 'ack.lost at the consumer',
    expected: [{ name: 'duplicate_effect', by: 'ledger', group: db }],
    byFault: ['duplicate_delivery'],
    verdict: 'fail',
    provoke: (lab) => redelivered(lab, 4),
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
    defect: 'deliver-phantom',
    fault: 'load alone',
    expected: [{ name: 'phantom_message', by: 'ledger' }],
    verdict: 'fail',
    async provoke(lab) {
      await lab.orders(9)
      await untilHarmed(lab, 3)
      return undefined
    },
  },
  {
    defect: 'telemetry-twice',
    fault: 'load alone',
    expected: [{ name: 'told_twice', by: 'ledger' }],
    verdict: 'inconclusive',
    async provoke(lab) {
      await lab.orders(6)
      await untilHarmed(lab, 6)
      return undefined
    },
  },
  {
    defect: 'effect-not-made',
    fault: 'load alone',
    expected: [
      { name: 'effect_differs', by: 'ledger', group: db },
      { name: 'effect_missing', by: 'audit', group: db },
    ],
    verdict: 'fail',
    provoke: nineDelivered,
  },
  {
    defect: 'ack-unsent',
    fault: 'link.down, producer to broker',
    expected: [
      { name: 'lost_message', by: 'audit', group: db },
      { name: 'message_gone', by: 'audit', group: 'consumer-email' },
    ],
    verdict: 'fail',
    async provoke(lab) {
      const cut = await lab.begin({ type: 'link.down', target: { link: 'producer->broker' } })
      await lab.orders(4)
      await lab.end(cut)
      await untilHarmed(lab, 4)
      return undefined
    },
  },
  ...(['swap-columns', 'drop-child-rows'] as const).map(
    (defect): DefectRow => ({
      defect,
      fault: 'load alone',
      expected: [{ name: 'effect_differs', by: 'audit', group: db }],
      verdict: 'fail',
      provoke: nineDelivered,
    }),
  ),
  {
    defect: 'wrong-recipient',
    fault: 'load alone',
    expected: [{ name: 'effect_differs', by: 'audit', group: 'consumer-email' }],
    verdict: 'fail',
    provoke: nineDelivered,
  },
  {
    defect: 'alter-body',
    fault: 'handler.error',
    // What the broker holds among the dead letters, and the mails that were made of it.
    expected: [
      { name: 'altered_message', by: 'audit', group: db },
      { name: 'effect_differs', by: 'audit', group: 'consumer-email' },
    ],
    verdict: 'fail',
    async provoke(lab) {
      await lab.policy(db, { maximumAttempts: 1 })
      await lab.begin({ type: 'handler.error', target: { service: db } })
      await lab.orders(6)
      await lab.group(db, 'six dead letters', ({ dead_lettered }) => dead_lettered === 6)
      await lab.group('consumer-email', 'six mails', ({ delivered }) => delivered === 6)
      return undefined
    },
  },
  {
    defect: 'late-update',
    fault: 'handler.error',
    expected: [{ name: 'stale_effect', by: 'audit', group: db }],
    byFault: ['reordered_delivery'],
    verdict: 'fail',
    async provoke(lab) {
      // The newer event must not wait behind the older one.
      const mode = modeOn(lab.broker, 'retry-topic')
      await lab.policy(db, { initialIntervalMs: 5_000, jitter: 'none', maximumAttempts: 3, mode })
      const failing = await lab.begin({ type: 'handler.error', target: { service: db } })
      const email = 'ada@example.com'
      await lab.publish('user_signup', { email, name: 'old' })
      await lab.group(db, 'one that is retried', ({ retrying }) => retrying === 1)
      await lab.end(failing)
      await lab.publish('user_signup', { email, name: 'new' })
      for (const group of [db, 'consumer-email'])
        await lab.group(group, 'two delivered', ({ delivered }) => delivered === 2)
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
    defect: 'skip-number',
    fault: 'load alone',
    expected: [{ name: 'unsent_message', by: 'ledger' }],
    verdict: 'fail',
    async provoke(lab) {
      await lab.orders(8)
      await untilHarmed(lab, 3)
      return undefined
    },
  },
  {
    defect: 'burst-lies',
    fault: 'a burst',
    expected: [{ name: 'unsent_message', by: 'ledger' }],
    verdict: 'fail',
    async provoke(lab) {
      const burst = { type: 'order_placed', count: 20, ratePerSecond: 40 }
      const { status, body } = await lab.call('POST', '/api/bursts', burst)
      if (status >= 300) throw new Error(`the burst was answered with ${status}: ${JSON.stringify(body)}`)
      await untilHarmed(lab, 1)
      return undefined
    },
  },
  {
    defect: 'reuse-epoch',
    fault: 'process.kill of the producer',
    expected: [{ name: 'identity_reused', by: 'ledger' }],
    byFault: ['duplicate_delivery', 'duplicate_write', 'duplicate_effect'],
    verdict: 'fail',
    async provoke(lab) {
      await lab.orders(3)
      const params = { restartAfterMs: 500 }
      const kill = await lab.begin({ type: 'process.kill', target: { service: 'producer' }, params })
      await lab.observed(kill)
      await lab.healed(kill)
      await lab.scale('producer', 1)
      await lab.orders(3)
      await untilHarmed(lab, 3)
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
  ...chainRows,
]
