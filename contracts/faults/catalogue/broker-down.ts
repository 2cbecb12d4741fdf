import { z } from 'zod'
import { oneBrokerFaultAtATime } from '../conflicts.ts'
import { defineFault, milliseconds } from '../define-fault.ts'

/** The broker's process is stopped where the lab runs it; else every link to it is cut. */
export const brokerDown = defineFault({
  type: 'broker.down',
  title: 'Stop broker',
  sees: 'every edge to it is red; publishes fail',
  targets: ['broker'],
  params: z.strictObject({ durationMs: milliseconds('Duration', 'How long it is away.', 15_000, 1) }),
  carriedBy: [
    { by: 'supervisor', at: 'broker', power: 'down', how: 'broker process stopped' },
    { by: 'sidecar-link', at: 'broker', as: { type: 'link.down', params: {} }, how: 'every link cut' },
  ],
  conflictsWith: [oneBrokerFaultAtATime],
  explains: { holdsPublishes: true, cuts: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
  lasts: 'durationMs',
})
