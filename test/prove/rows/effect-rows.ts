import { modeOn } from '#contracts/brokers/retry-policy.ts'
import { type DefectRow, db, nineDelivered, redelivered } from './defect-row.ts'

/** What is in the database and in the mailbox. */
export const effectRows: readonly DefectRow[] = [
  {
    defect: 'skip-inbox',
    fault: 'ack.lost at the consumer',
    expected: [{ name: 'duplicate_effect', by: 'ledger', group: db }],
    byFault: ['duplicate_delivery'],
    verdict: 'fail',
    provoke: (lab) => redelivered(lab, 4),
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
    defect: 'mail-twice',
    fault: 'load alone',
    // Telemetry reports one; the mailbox has two, which an audit counts.
    expected: [
      { name: 'duplicate_effect', by: 'audit', group: 'consumer-email' },
      { name: 'effect_duplicated', by: 'audit', group: 'consumer-email' },
    ],
    verdict: 'pass',
    provoke: nineDelivered,
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
]
