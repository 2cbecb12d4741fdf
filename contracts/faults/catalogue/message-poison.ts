import { z } from 'zod'
import { defineFault } from '../define-fault.ts'
import { poisonBody } from '../poison-body.ts'

const params = z.strictObject({
  variant: z.enum(['malformed', 'schema']).default('malformed').meta({
    title: 'Variant',
    description: 'malformed: the body is not JSON. schema: it is JSON that its type refuses.',
  }),
  count: z.int().min(1).max(100_000).default(1).meta({
    title: 'Count',
    description: 'Messages that each producer replica damages; then it is over.',
    unit: 'messages',
  }),
})

/** Bodies are damaged on their way to the broker; the headers stay, so that the message keeps its identity. */
export const messagePoison = defineFault({
  type: 'message.poison',
  title: 'Poison messages',
  sees: 'straight to the dead-letter queue, no retries',
  targets: ['eventType'],
  params,
  percentOf: 'messages',
  carriedBy: [{ by: 'producer', at: 'producers' }],
  endsAfterHits: 'count',
  breaksBody: {
    of: (given, body) => poisonBody(params.parse(given).variant, body),
    param: 'variant',
    refusal: (eventType) => `the schema of ${eventType} takes anything, so nothing breaks it; give malformed`,
  },
})
