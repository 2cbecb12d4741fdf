import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** Each victim is held back for a time of its own before it goes to the broker. */
export const messageReorder = defineFault({
  type: 'message.reorder',
  title: 'Reorder messages',
  sees: 'messages arrive in another order than they were made',
  targets: ['eventType'],
  params: z.strictObject({
    windowMs: milliseconds('Window', 'The longest time that a message is held back.', 500, 1, 60_000),
  }),
  percentOf: 'messages',
  carriedBy: [{ by: 'producer', at: 'producers' }],
})
