import { z } from 'zod'
import { defineEvent } from './define-event.ts'

export const paymentFailed = defineEvent({
  name: 'payment_failed',
  version: 1,
  data: z.strictObject({ orderId: z.uuid(), reason: z.string().min(1).max(500) }),
  example: { orderId: '4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8', reason: 'card_declined' },
  keyField: 'orderId',
})
