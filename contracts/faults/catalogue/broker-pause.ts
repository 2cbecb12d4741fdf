import { z } from 'zod'
import { oneBrokerFaultAtATime } from '../conflicts.ts'
import { defineFault, milliseconds } from '../define-fault.ts'

/** The broker's process is paused where the lab runs it; elsewhere every link to it is a black hole. */
export const brokerPause = defineFault({
  type: 'broker.pause',
  title: 'Pause broker',
  sees: 'publishes hang, then are indeterminate',
  targets: ['broker'],
  params: z.strictObject({ durationMs: milliseconds('Duration', 'How long it is paused.', 15_000, 1) }),
  carriedBy: [
    { by: 'supervisor', at: 'broker', power: 'pause', how: 'broker process paused' },
    {
      by: 'sidecar-link',
      at: 'broker',
      as: { type: 'link.timeout', params: { timeoutMs: 0 } },
      how: 'every link held',
    },
  ],
  conflictsWith: [oneBrokerFaultAtATime],
  explains: { holdsPublishes: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
  lasts: 'durationMs',
})
