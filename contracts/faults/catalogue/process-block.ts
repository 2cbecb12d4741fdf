import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** The worker keeps its event loop busy, as an endless computation would. */
export const processBlock = defineFault({
  type: 'process.block',
  title: 'Block event loop',
  sees: 'event-loop lag, missed heartbeats, rebalance or redelivery',
  targets: ['service', 'instance'],
  params: z.strictObject({
    blockMs: milliseconds('Block for', 'How long the event loop is blocked each time.', 2_000, 1, 60_000),
    everyMs: milliseconds('Every', 'From the start of one block to the start of the next.', 5_000, 1, 600_000),
  }),
  carriedBy: [{ by: 'runtime', at: 'workers' }],
  explains: { redelivery: { rank: 3, during: '{expired} while {instance} was blocked' } },
})
