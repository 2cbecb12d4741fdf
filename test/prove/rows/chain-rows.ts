import { until } from '../../until.ts'
import type { ProveLab } from '../prove-lab.ts'
import type { DefectRow } from './defect-row.ts'

/** The lab that these rows run in: its service `payment` publishes what an order causes. */
const lab = 'test/prove/chain/faultline.yaml'
const orders = 9

/** Nothing but load: the mistake comes by itself. One after the other, so that no two are in flight at a time. */
async function allHandled(proved: ProveLab): Promise<undefined> {
  for (let count = 1; count <= orders; count += 1) {
    await proved.orders(1)
    await proved.group('payment', `${count} orders delivered`, ({ delivered }) => delivered === count)
  }
  await until('two harmed messages', async () => new Set(proved.harms().map(({ id }) => id)).size >= 2)
  return undefined
}

/** Defects of services that publish. */
export const chainRows: readonly DefectRow[] = [
  {
    ...{ defect: 'child-without-cause-ack', fault: 'load alone', lab, verdict: 'fail', provoke: allHandled },
    expected: [{ name: 'premature_commit', by: 'ledger', group: 'payment' }],
  },
  {
    ...{ defect: 'commit-before-reply', fault: 'load alone', lab, verdict: 'fail', provoke: allHandled },
    expected: [{ name: 'premature_commit', by: 'ledger', group: 'payment' }],
  },
  {
    ...{ defect: 'child-twice', fault: 'load alone', lab, verdict: 'fail', provoke: allHandled },
    expected: [{ name: 'duplicate_emission', by: 'ledger', group: 'payment' }],
  },
  {
    ...{ defect: 'reply-lost', fault: 'load alone', lab, verdict: 'fail', provoke: allHandled },
    expected: [{ name: 'stalled_flow', by: 'ledger' }],
  },
  {
    ...{ defect: 'wrong-cause', fault: 'load alone', lab, verdict: 'fail', provoke: allHandled },
    expected: [{ name: 'phantom_message', by: 'ledger', group: 'payment' }],
    // The flow that the event belongs to does not go on.
    follows: ['stalled_flow'],
  },
]
