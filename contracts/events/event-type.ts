import { z } from 'zod'

/** Names of event types and topics: lower case, digits and `_`, at most 64 characters. */
export const eventTypeName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,63}$/,
    'must be lower-case letters, digits and _, start with a letter, and have at most 64 characters',
  )

/** Subject and body of the e-mail for a type; `{{data.field}}` inserts a value of the event. */
export const emailTemplate = z.strictObject({
  subject: z.string().min(1).max(200),
  body: z.string().min(1).max(20_000),
})
export type EmailTemplate = z.infer<typeof emailTemplate>

/** Names of tables and their columns: lower case, digits and `_`, at most 63 characters, as PostgreSQL takes them. */
export const tableWord = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    'must be lower-case letters, digits and _, start with a letter, and have at most 63 characters',
  )

/** Where the value of a column comes from: a field of the data, or the event itself. */
export const columnPath = z
  .string()
  .max(500)
  .regex(
    /^(id|type|data(\.[A-Za-z_][A-Za-z0-9_-]*)+)$/,
    'must be data.field, with more names for a field within a field, or id or type of the event',
  )

/**
 * The row that consumer-db writes for a type, once its event is the newest of the key. A field that the data does not have is null in its
 * column; one that is the key has to be text.
 */
export const rowTable = z.strictObject({
  name: tableWord,
  /** One of `columns`. */
  key: tableWord,
  columns: z
    .record(tableWord, columnPath)
    .refine((columns) => Object.keys(columns).length >= 1, 'must name at least one column')
    .refine((columns) => Object.keys(columns).length <= 100, 'has more than 100 columns, which is the most'),
})
export type RowTable = z.infer<typeof rowTable>

/** An event type as everything outside `contracts/events` sees it, built in or made by a user. */
export const eventTypeDefinition = z.object({
  name: eventTypeName,
  version: z.int().min(1),
  topic: eventTypeName,
  /** JSON Schema of `data`: 2020-12, or 2019-09 or draft-07 where its `$schema` says so. */
  schema: z.record(z.string(), z.unknown()),
  /** A `data` that is valid against `schema`. */
  example: z.record(z.string(), z.unknown()),
  /** Field of `data` that becomes the partition key where the publisher gives none. */
  keyField: z.string().optional(),
  /** Absent: consumer-email falls back to plain text that lists the fields. */
  email: emailTemplate.optional(),
  /** Absent: consumer-db keeps the whole data in `records`. */
  table: rowTable.optional(),
  /** The project's own: its schema is trusted, and its letter and row are known by name. */
  builtIn: z.boolean(),
  /** Schema and example as JSON text, where one has a number of more digits than JavaScript has room for. */
  exact: z.object({ schema: z.string().optional(), example: z.string().optional() }).optional(),
  /** Declared in the lab file, and changed there only. */
  inLabFile: z.boolean().optional(),
})
export type EventTypeDefinition = z.infer<typeof eventTypeDefinition>

/** Body of `POST /api/event-types`; `PUT /api/event-types/:name` takes the same without `name`. */
export const eventTypeInput = z.strictObject({
  name: eventTypeName,
  /** Default: the name. */
  topic: eventTypeName.optional(),
  schema: z.record(z.string(), z.unknown()),
  example: z.record(z.string(), z.unknown()),
  keyField: z.string().min(1).max(64).optional(),
  email: emailTemplate.optional(),
  /** Consumers that take it. Default: all of the lab's. */
  consumers: z.array(z.string()).optional(),
})
export type EventTypeInput = z.infer<typeof eventTypeInput>

/** An item of `GET /api/event-types`. */
export const eventTypeItem = eventTypeDefinition.omit({ exact: true }).extend({
  consumers: z.array(z.string()),
  /** Publishes of this type that were acknowledged since the data folder was made. */
  published: z.int(),
})
export type EventTypeItem = z.infer<typeof eventTypeItem>
