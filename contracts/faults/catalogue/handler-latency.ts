import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** Each victim waits before its handler runs. */
export const handlerLatency = defineFault({
  type: 'handler.latency',
  title: 'Slow handler',
  sees: 'handling takes longer, lag grows',
  targets: ['service', 'instance', 'eventType'],
  services: 'consumers',
  params: z.strictObject({
    latencyMs: milliseconds('Latency', 'Added before the handler of a message runs.', 500, 0, 600_000),
    jitterMs: milliseconds('Jitter', 'Up to so much more, drawn from the seed for each message.', 0, 0, 600_000),
  }),
  percentOf: 'messages',
  carriedBy: [{ by: 'runtime', at: 'consumers' }],
})
