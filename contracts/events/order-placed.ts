import { z } from 'zod'
import { defineEvent } from './define-event.ts'

export const orderPlaced = defineEvent({
  name: 'order_placed',
  version: 1,
  data: z.strictObject({
    orderId: z.uuid(),
    email: z.email(),
    items: z
      .array(
        z.strictObject({
          sku: z.string().min(1).max(64),
          qty: z.int().min(1).max(1_000_000),
          price: z.number().nonnegative(),
        }),
      )
      .min(1)
      .max(100),
    total: z.number().nonnegative(),
  }),
  example: {
    orderId: '4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8',
    email: 'lin.okafor@example.com',
    items: [
      { sku: 'KB-87', qty: 1, price: 119 },
      { sku: 'CB-02', qty: 2, price: 9.5 },
    ],
    total: 138,
  },
  keyField: 'orderId',
})
