import { z } from 'zod'
import type { EventDefinition } from '#contracts/events/define-event.ts'
import { InvalidEventData } from './database-error.ts'
import type { Incoming } from './table-writer.ts'

/** The data of a message as its built-in type defines it. Throws `InvalidEventData` that names every fault. */
export function parsedData<Data extends z.ZodType>(
  event: EventDefinition<string, Data>,
  message: Incoming,
): z.infer<Data> {
  const parsed = event.data.safeParse(message.data)
  if (parsed.success) return parsed.data
  throw new InvalidEventData(`the data is no ${event.name}: ${z.prettifyError(parsed.error)}`)
}
