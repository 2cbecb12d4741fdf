import type { Problem } from '#contracts/errors.ts'
import { type EventTypeInput, type EventTypeItem, eventTypeName } from '#contracts/events/event-type.ts'
import { ExactJson } from '#contracts/events/exact-json.ts'
import { jsonPointer, pathOfPointer } from '#contracts/json-pointer.ts'
import { type JsonPlace, parsePlacedJson, textPositionOf } from '../json/json-positions.ts'
import { printJson } from '../json/print-json.ts'
import { validatorOf } from '../schema/validator.ts'

/** An event type as it is being edited: texts, as typed. */
export interface EventTypeDraft {
  /** The saved type that it changes; absent for a new one. */
  of?: string
  name: string
  topic: string
  schema: string
  example: string
  /** Empty: messages have no key of their own. */
  keyField: string
  /** Whether the type has an e-mail template of its own. */
  mailed: boolean
  subject: string
  body: string
  consumers: string[]
}

/** Something wrong in a text, with its line if it is known. */
export interface TextProblem {
  path: string
  message: string
  place?: JsonPlace
}

export interface DraftCheck {
  name?: string
  topic?: string
  keyField?: string
  subject?: string
  body?: string
  schema: TextProblem[]
  example: TextProblem[]
  /** The schema and the example as values, where their texts can be read. */
  schemaValue?: Record<string, unknown>
  exampleValue?: Record<string, unknown>
  /** What would be saved; undefined while anything is wrong. */
  input?: EventTypeInput
  /** What to mend first, in words. */
  blocked?: string
}

export const blankDraft = (consumers: string[]): EventTypeDraft => ({
  name: '',
  topic: '',
  schema: printJson({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string', format: 'uuid' } },
    additionalProperties: false,
  }),
  example: '{\n  "id": "0c9a7be2-41d8-4f57-9e30-b6d2a81f5c74"\n}',
  keyField: 'id',
  mailed: false,
  subject: '',
  body: '',
  consumers,
})

export const eventTypeDraftOf = (item: EventTypeItem): EventTypeDraft => ({
  of: item.name,
  name: item.name,
  topic: item.topic,
  schema: printJson(item.schema),
  example: printJson(item.example),
  keyField: item.keyField ?? '',
  mailed: item.email !== undefined,
  subject: item.email?.subject ?? '',
  body: item.email?.body ?? '',
  consumers: item.consumers,
})

/** A new draft with the contents of a type, under no name yet. */
export const draftCopyOf = (item: EventTypeItem): EventTypeDraft => {
  const { of: _, ...draft } = eventTypeDraftOf(item)
  return { ...draft, name: '', topic: '' }
}

/** Everything that is wrong with a draft. `taken`: names of the other types. */
export function checkDraft(draft: EventTypeDraft, taken: readonly string[]): DraftCheck {
  const schema = readObject(draft.schema)
  const example = readObject(draft.example)
  const validator = schema.value ? validatorOf(schema.value) : undefined
  const schemaProblems = schema.problem
    ? [schema.problem]
    : validator?.ok === false
      ? validator.problems.map((problem) => located(problem, schema.places))
      : []
  const exampleProblems = example.problem
    ? [example.problem]
    : validator?.ok
      ? validator.check(example.value).map((problem) => located(problem, example.places))
      : []
  const check: DraftCheck = {
    schema: schemaProblems,
    example: exampleProblems,
    ...fieldProblems(draft, taken, example.value),
  }
  if (schema.value) check.schemaValue = schema.value
  if (example.value) check.exampleValue = example.value
  const blocked = blockedBy(check)
  if (blocked !== undefined) check.blocked = blocked
  else if (schema.value && example.value) check.input = inputOf(draft, schema.value, example.value)
  return check
}

function fieldProblems(draft: EventTypeDraft, taken: readonly string[], example: Record<string, unknown> | undefined) {
  const problems: Pick<DraftCheck, 'name' | 'topic' | 'keyField' | 'subject' | 'body'> = {}
  const name = eventTypeName.safeParse(draft.name)
  if (draft.of === undefined && draft.name === '') problems.name = 'is required'
  else if (!name.success) problems.name = name.error.issues[0]?.message ?? 'is not a name'
  else if (draft.of === undefined && taken.includes(draft.name)) problems.name = 'is taken by another type'
  if (draft.topic !== '' && !eventTypeName.safeParse(draft.topic).success) {
    problems.topic = 'lower-case letters, digits and _, a letter first'
  }
  if (draft.keyField !== '' && example) {
    const value = Object.hasOwn(example, draft.keyField) ? example[draft.keyField] : undefined
    if (typeof value !== 'string' && typeof value !== 'number' && !(value instanceof ExactJson))
      problems.keyField = 'the example has no text or number there'
  }
  if (draft.mailed && draft.subject.trim() === '') problems.subject = 'is required'
  if (draft.mailed && draft.subject.length > 200) problems.subject = 'at most 200 characters'
  if (draft.mailed && draft.body.trim() === '') problems.body = 'is required'
  if (draft.mailed && draft.body.length > 20_000) problems.body = 'at most 20,000 characters'
  return problems
}

function blockedBy(check: DraftCheck): string | undefined {
  if (check.name) return 'Give it a name to save'
  if (check.topic) return 'Fix the topic to save'
  if (check.schema.length > 0) return 'Fix the schema to save'
  if (check.example.length > 0) return 'Fix the example to save'
  if (check.keyField) return 'Fix the key field to save'
  if (check.subject || check.body) return 'Fix the e-mail to save'
  return undefined
}

function inputOf(
  draft: EventTypeDraft,
  schema: Record<string, unknown>,
  example: Record<string, unknown>,
): EventTypeInput {
  return {
    name: draft.name,
    ...(draft.topic === '' || draft.topic === draft.name ? {} : { topic: draft.topic }),
    schema,
    example,
    ...(draft.keyField === '' ? {} : { keyField: draft.keyField }),
    ...(draft.mailed ? { email: { subject: draft.subject, body: draft.body } } : {}),
    consumers: draft.consumers,
  }
}

function readObject(text: string): {
  value?: Record<string, unknown>
  problem?: TextProblem
  places: Map<string, JsonPlace>
} {
  const parsed = parsePlacedJson(text)
  if (!parsed.ok) {
    const place = { from: parsed.from, to: parsed.from + 1, line: parsed.line }
    return { problem: { path: '', message: parsed.message, place }, places: new Map() }
  }
  const { value, places } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: located({ path: '', message: 'must be an object' }, places), places }
  }
  return { value: value as Record<string, unknown>, places }
}

function located(problem: { path: string; message: string }, places: Map<string, JsonPlace>): TextProblem {
  const place = textPositionOf(places, problem.path)
  return { ...problem, ...(place ? { place } : {}) }
}

/** What the server found, sorted to the parts of the editor by the first segment of its pointer. */
export function serverProblems(problem: Problem, draft: EventTypeDraft): Partial<DraftCheck> & { rest: TextProblem[] } {
  const found: Partial<DraftCheck> & { rest: TextProblem[] } = { rest: [] }
  for (const { path, message } of problem.errors ?? []) {
    const [part = '', ...inner] = pathOfPointer(path)
    const pointer = jsonPointer(inner)
    if (part === 'schema' || part === 'example') {
      const { places } = readObject(draft[part])
      found[part] = [...(found[part] ?? []), located({ path: pointer, message }, places)]
    } else if (part === 'name' || part === 'topic' || part === 'keyField') found[part] = message
    else if (part === 'email' && (inner[0] === 'subject' || inner[0] === 'body')) found[inner[0]] = message
    else found.rest.push({ path, message })
  }
  return found
}
