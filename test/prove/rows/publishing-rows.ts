import { type DefectRow, db, untilHarmed } from './defect-row.ts'

/** What is sent, numbered and reported. */
export const publishingRows: readonly DefectRow[] = [
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
]
