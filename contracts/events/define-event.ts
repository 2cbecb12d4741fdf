import type { z } from 'zod'

/** One built-in event type: everything that is known of it, in one value. */
export interface EventDefinition<Name extends string = string, Data extends z.ZodType = z.ZodType> {
  /** Type name, `[a-z][a-z0-9_]{0,63}`; also the CloudEvents `type` attribute. */
  readonly name: Name
  /** Schema version, counted from 1. */
  readonly version: number
  /** Topic it is published to. Default: its name. */
  readonly topic: string
  readonly data: Data
  /** A valid `data` that seeds forms and documents the type. */
  readonly example: z.infer<Data>
  /** Field of `data` whose value is the partition key where the publisher gives none. */
  readonly keyField?: string
}

/** Declares an event type; throws if its own example breaks its schema, so that a wrong one never starts. */
export function defineEvent<const Name extends string, Data extends z.ZodType>(
  definition: Omit<EventDefinition<Name, Data>, 'topic'> & { topic?: string },
): EventDefinition<Name, Data> {
  definition.data.parse(definition.example)
  return { ...definition, topic: definition.topic ?? definition.name }
}
