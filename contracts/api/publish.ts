import { z } from 'zod'
import { eventTypeName } from '../events/event-type.ts'

/** Body of `POST /event`. */
export const publishInput = z.strictObject({
  type: eventTypeName,
  data: z.record(z.string(), z.unknown()),
  /** Partition key. Default: the value of the type's key field. */
  key: z.string().min(1).max(256).optional(),
})
export type PublishInput = z.infer<typeof publishInput>

/** 202 answer of `POST /event`: the broker has acknowledged. */
export const publishAnswer = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  state: z.literal('acked'),
  /** The broker's own name for the message. */
  ref: z.string().optional(),
  /** Attempt to acknowledgement, in milliseconds. */
  ackMs: z.number(),
})
export type PublishAnswer = z.infer<typeof publishAnswer>
