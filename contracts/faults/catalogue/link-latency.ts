import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** Bytes arrive later, in order. */
export const linkLatency = defineFault({
  type: 'link.latency',
  title: 'Slow link',
  sees: 'slow acknowledgements and effects',
  targets: ['link'],
  params: z.strictObject({
    latencyMs: milliseconds('Latency', 'Added to all bytes in each direction chosen.', 500, 0, 600_000),
    jitterMs: milliseconds('Jitter', 'Up to so much more, drawn from the seed.', 0, 0, 600_000),
  }),
  directions: ['down', 'up', 'both'],
  percentOf: 'connections',
  carriedBy: [{ by: 'sidecar-link', at: 'link' }],
  explains: { holdsPublishes: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
})
