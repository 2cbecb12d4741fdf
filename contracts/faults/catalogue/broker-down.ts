import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** The broker's process is stopped where the lab runs it; else every link to it is cut. */
export const brokerDown = defineFault({
  type: 'broker.down',
  title: 'Stop broker',
  sees: 'every edge to it is red; publishes fail',
  targets: ['broker'],
  params: z.strictObject({ durationMs: milliseconds('Duration', 'How long it is away.', 15_000, 1) }),
  by: ['supervisor', 'sidecar-link'],
  lasts: 'durationMs',
})
