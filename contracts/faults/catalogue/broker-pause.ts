import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** The broker's process stands still where the lab runs it; else every link to it is a black hole. */
export const brokerPause = defineFault({
  type: 'broker.pause',
  title: 'Pause broker',
  sees: 'publishes hang, then are indeterminate',
  targets: ['broker'],
  params: z.strictObject({ durationMs: milliseconds('Duration', 'How long it stands still.', 15_000, 1) }),
  by: ['supervisor', 'sidecar-link'],
  lasts: 'durationMs',
})
