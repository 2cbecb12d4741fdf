import { z } from 'zod'
import { defineFault } from '../define-fault.ts'

/** All connections of the link share one rate. */
export const linkBandwidth = defineFault({
  type: 'link.bandwidth',
  title: 'Narrow link',
  sees: 'a ceiling of throughput',
  targets: ['link'],
  params: z.strictObject({
    rateKBps: z.number().min(0.1).max(1_000_000).default(10).meta({
      title: 'Rate',
      description: 'What passes in each direction chosen, all connections together; 1 KB is 1,000 bytes.',
      unit: 'KB/s',
    }),
  }),
  directions: ['both', 'up', 'down'],
  percentOf: 'connections',
  carriedBy: [{ by: 'sidecar-link', at: 'link' }],
  explains: { holdsPublishes: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
})
