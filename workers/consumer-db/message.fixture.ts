import type { Incoming } from './table-writer.ts'

/** A message for the store, with the body that its data has as JSON. */
export const recordFrom = (type: string, data: unknown, messageId: string, time: string): Incoming => ({
  messageId,
  type,
  time,
  data,
  body: JSON.stringify(data),
})
