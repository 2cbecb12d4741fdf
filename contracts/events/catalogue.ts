import { z } from 'zod'
import type { EventDefinition } from './define-event.ts'
import type { EventTypeDefinition } from './event-type.ts'
import { orderPlaced } from './order-placed.ts'
import { paymentFailed } from './payment-failed.ts'
import { userSignup } from './user-signup.ts'

/** The built-in event types. A new file in this folder needs one line here. */
export const builtInEvents: readonly EventDefinition[] = [userSignup, orderPlaced, paymentFailed]

/** The built-in types in the shape that the API, the store and the workers share. */
export const builtInEventTypes: readonly EventTypeDefinition[] = builtInEvents.map((event) => ({
  name: event.name,
  version: event.version,
  topic: event.topic,
  schema: z.toJSONSchema(event.data) as Record<string, unknown>,
  example: event.example as Record<string, unknown>,
  ...(event.keyField === undefined ? {} : { keyField: event.keyField }),
  builtIn: true,
}))
