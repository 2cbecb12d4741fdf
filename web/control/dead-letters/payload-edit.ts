import type { DeadLetterItem, RedriveInput } from '#contracts/api/dead-letter.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { exactValue, parseExact } from '#contracts/events/exact-numbers.ts'
import type { RedriveRequest } from '#workers/broker/dead-letters.ts'
import type { DataValidator } from '../lab/data-validators.ts'
import { ApiProblem, type InputError, inputProblem } from '../problem/problem.ts'
import { maxDataBytes } from '../publish/publish-event.ts'
import { mergePatch } from './merge-patch.ts'

/** What goes in place of a dead letter's own body and headers. */
export type Edit = Omit<RedriveRequest, 'ref'>

interface Types {
  eventType: (name: string) => EventTypeDefinition | undefined
  validator: (type: EventTypeDefinition) => DataValidator
}

/** JSON of what the input puts in place, as the request has it. */
export interface EditTexts {
  payload?: string | undefined
  change?: string | undefined
}

/** The edit of each dead letter. Undefined: with the change it would not fit its schema, so it has to stay where it is. */
export type Edits = (item: DeadLetterItem) => Promise<Edit | undefined>

/** Letters whose problems are named one by one. */
const maxNamed = 5

/** What the input puts in place of bodies; each must be right by its type's schema of now. Throws a problem where one is not. */
export async function editsOf(
  input: RedriveInput,
  texts: EditTexts,
  items: readonly DeadLetterItem[],
  types: Types,
): Promise<Edits> {
  for (const text of [texts.payload, texts.change]) refuseLarge(text)
  if (input.payload !== undefined) {
    const edit = await editOfOne(input.payload, texts.payload ?? JSON.stringify(input.payload), items, types)
    return async () => edit
  }
  if (input.change === undefined) return async () => ({})
  const change = texts.change ?? JSON.stringify(input.change)
  const refused: { item: DeadLetterItem; first: InputError }[] = []
  for (const item of items) {
    const [first] = (await changed(item, change, types)).errors
    if (first !== undefined) refused.push({ item, first })
  }
  if (refused.length > 0) {
    throw inputProblem(
      'schema_violation',
      refused.slice(0, maxNamed).map(({ item, first: { path, message } }) => ({
        path: `/change${path}`,
        message: `${message} (in ${item.messageId ?? item.id}; ${refused.length} of ${items.length} do not fit)`,
      })),
    )
  }
  return async (item) => {
    const { edit, errors } = await changed(item, change, types)
    return errors.length > 0 ? undefined : edit
  }
}

function refuseLarge(text: string | undefined): void {
  const bytes = Buffer.byteLength(text ?? '')
  if (bytes > maxDataBytes)
    throw new ApiProblem('too_large', `what is to be sent is ${bytes} bytes as JSON; at most ${maxDataBytes}`)
}

async function changed(
  item: DeadLetterItem,
  change: string,
  types: Types,
): Promise<{ edit: Edit; errors: InputError[] }> {
  const type = types.eventType(item.type)
  if (!type) return refusal(`cannot be checked: no event type is called "${item.type}"`)
  if (typeof item.payload !== 'object' || item.payload === null || Array.isArray(item.payload))
    return refusal('needs a body that is a JSON object')
  const text = mergePatch(item.raw, change)
  return { edit: bodyOf(text, type), errors: await types.validator(type)(parseExact(text)) }
}

const refusal = (message: string): { edit: Edit; errors: InputError[] } => ({
  edit: {},
  errors: [{ path: '', message }],
})

const bodyOf = (body: string, type: EventTypeDefinition): Edit => ({
  body,
  headers: { ce_dataversion: String(type.version) },
})

async function editOfOne(
  payload: unknown,
  text: string,
  items: readonly DeadLetterItem[],
  { eventType, validator }: Types,
): Promise<Edit> {
  const [item] = items
  if (!item || items.length > 1) {
    throw inputProblem('invalid_body', [
      {
        path: '/payload',
        message: `takes the place of one dead letter's data, and ${items.length} are chosen; choose one`,
      },
    ])
  }
  const type = eventType(item.type)
  if (!type) {
    throw inputProblem('invalid_body', [
      { path: '/payload', message: `cannot be checked: the dead letter is of no known event type ("${item.type}")` },
    ])
  }
  const errors = await validator(type)(exactValue(payload, text))
  if (errors.length > 0) {
    throw inputProblem(
      'schema_violation',
      errors.map(({ path, message }) => ({ path: `/payload${path}`, message })),
    )
  }
  return bodyOf(text, type)
}
