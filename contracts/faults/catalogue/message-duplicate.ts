import { z } from 'zod'
import { defineFault } from '../define-fault.ts'

/** Each victim goes through more than once, under one identity. */
export const messageDuplicate = defineFault({
  type: 'message.duplicate',
  title: 'Duplicate messages',
  sees: 'duplicate deliveries up; effects unchanged where the consumer is idempotent',
  targets: ['eventType', 'service'],
  params: z.strictObject({
    copies: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .meta({ title: 'Copies', description: 'Beyond the original.', unit: 'messages' }),
    stage: z.enum(['produce', 'consume']).default('produce').meta({
      title: 'Stage',
      description: 'produce: the producer sends it again. consume: a worker hands it to its handler again.',
    }),
  }),
  percentOf: 'messages',
  carriedBy: [
    { by: 'producer', at: 'producers', where: { stage: 'produce' } },
    { by: 'runtime', at: 'consumers', where: { stage: 'consume' } },
  ],
  explains: { redelivery: { rank: 1, during: 'duplicated by {fault}' } },
  side: {
    param: 'stage',
    fromTarget: false,
    refusal: (target, side) => `${target} can only duplicate at ${side}; give ${side}, or another target`,
  },
})
