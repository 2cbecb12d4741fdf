import { builtInEventTypes } from '../events/catalogue.ts'
import type { EventTypeDefinition } from '../events/event-type.ts'
import { writeJson } from '../events/exact-json.ts'
import { contentsFrom } from '../events/exact-texts.ts'
import type { DataProblem } from '../schemas/data-problems.ts'
import type { JsonSchema } from '../schemas/json-schema.ts'
import { sampleOf } from '../schemas/sample.ts'
import { isSchemaObject, type SchemaObject } from '../schemas/walk-schema.ts'
import type { YamlDocument } from '../yaml-document/read-yaml.ts'
import { asyncApiMessage } from './async-api-message.ts'
import type { EventInput } from './input.ts'
import type { LabFileProblem } from './problem.ts'
import type { ReadReference } from './references.ts'
import { tableProblems } from './table-rules.ts'

/** Checks data against a schema; rejects with a reason where the schema itself cannot be used. */
export type CheckData = (schema: SchemaObject, data: unknown) => Promise<readonly DataProblem[]>

export interface EventSources {
  document: YamlDocument
  read: ReadReference
  check: CheckData
}

/** Examples are the same at each start, so that an unchanged file is an unchanged lab. */
const sameAtEachStart = {
  uuid: () => '00000000-0000-4000-8000-000000000000',
  now: () => new Date('2026-01-01T00:00:00.000Z'),
}

/** A type of which the file says nothing: it may hold any object. */
export const undescribedEvent = (name: string): EventTypeDefinition => ({
  ...{ name, version: 1, topic: name, schema: { type: 'object' }, example: {} },
  ...{ builtIn: false, inLabFile: true },
})

/** An event type with all that it refers to; what is wrong is added to `problems`. Undefined if its schema is not to be had. */
export async function eventOf(
  name: string,
  input: EventInput,
  { document, read, check }: EventSources,
  problems: LabFileProblem[],
): Promise<EventTypeDefinition | undefined> {
  const wrong = (key: string, cause: string, remedy = ''): void =>
    void problems.push(document.problemAt(['events', name, key], cause, remedy))

  async function referred(key: 'schema' | 'example', given: string | SchemaObject): Promise<SchemaObject | undefined> {
    if (typeof given !== 'string') return given
    const found = await read(given)
    if (found.ok && isSchemaObject(found.value)) return found.value
    wrong(key, found.ok ? `${given} does not hold an object` : found.reason)
    return undefined
  }

  if (input.schema !== undefined && input.asyncapi !== undefined) {
    wrong('asyncapi', 'is given beside `schema`', 'give one of them')
    return undefined
  }
  const message = input.asyncapi === undefined ? undefined : await asyncApiMessage(input.asyncapi, read)
  if (message !== undefined && !message.ok) {
    wrong('asyncapi', message.reason)
    return undefined
  }
  const givenSchema = message?.schema ?? (await referred('schema', input.schema ?? { type: 'object' }))
  if (givenSchema === undefined) return undefined
  const given = input.example === undefined ? message?.example : await referred('example', input.example)
  if (given === undefined && input.example !== undefined) return undefined
  const sample = given ?? sampleOf(givenSchema as JsonSchema, undefined, sameAtEachStart)
  const { schema, example, exact } = contentsFrom(writeJson(givenSchema), writeJson(sample))

  const own = builtInEventTypes.find((type) => type.name === name && isSame(type.schema, schema))
  const schemaKey = input.asyncapi === undefined ? 'schema' : 'asyncapi'
  // The project's own schemas were checked with their examples when they were built.
  const found = own !== undefined && isSame(own.example, example) ? [] : await checked(check, givenSchema, sample)
  if (typeof found === 'string') wrong(schemaKey, found)
  else if (given === undefined && found.length > 0) {
    wrong(schemaKey, 'does not say enough to make an example of it', 'give an `example`')
  } else {
    const where = input.example === undefined ? schemaKey : 'example'
    for (const { path, message } of found) wrong(where, `does not fit the schema: ${path || 'it'} ${message}`)
  }
  const { key } = input
  if (key !== undefined) {
    const value = Object.hasOwn(example, key) ? example[key] : undefined
    if (typeof value !== 'string' && typeof value !== 'number')
      wrong('key', `the example has no text or number at "${key}"`)
  }
  const { table } = input
  if (table !== undefined && own !== undefined)
    problems.push(
      document.problemAt(
        ['events', name, 'table'],
        `is given for ${name} of the built-in lab, which has a row of its own`,
        'leave it out, or change the schema',
        'key',
      ),
    )
  else if (table !== undefined)
    for (const { path, cause, remedy } of tableProblems(table, example))
      problems.push(document.problemAt(['events', name, 'table', ...path], cause, remedy ?? ''))
  return {
    ...{ name, version: input.version ?? 1, topic: input.topic ?? name, schema, example },
    ...(exact === undefined ? {} : { exact }),
    ...(key === undefined ? {} : { keyField: key }),
    ...(input.email === undefined ? {} : { email: { subject: input.email.subject, body: input.email.text } }),
    ...(table === undefined ? {} : { table }),
    ...{ builtIn: own !== undefined, inLabFile: true },
  }
}

async function checked(
  check: CheckData,
  schema: SchemaObject,
  example: unknown,
): Promise<readonly DataProblem[] | string> {
  try {
    return await check(schema, example)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
