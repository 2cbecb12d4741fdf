import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** A black hole: bytes are held, not dropped. What is still held at its end is delivered. */
export const linkTimeout = defineFault({
  type: 'link.timeout',
  title: 'Black hole',
  sees: "hangs until the client's own timeout",
  targets: ['link'],
  params: z.strictObject({
    timeoutMs: milliseconds(
      'Reset after',
      'A connection that was held for so long is reset. 0: held until the fault is healed.',
      0,
    ),
  }),
  directions: ['both', 'up', 'down'],
  percentOf: 'connections',
  carriedBy: [{ by: 'sidecar-link', at: 'link' }],
  explains: { holdsPublishes: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
})
