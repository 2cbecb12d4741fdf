import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type {
  EventTypeDefinition,
  EventTypeInput,
  EventTypeItem,
  eventTypeInput,
} from '#contracts/events/event-type.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { contentsFrom, exactSchema, exampleText, shownContents } from '#contracts/events/exact-texts.ts'
import { memberTexts } from '#contracts/events/json-text.ts'
import { ApiProblem, type InputError, inputProblem } from '../problem/problem.ts'
import type { CurrentLab } from './current-lab.ts'
import type { DataValidators } from './data-validators.ts'
import { consumersOf, type DeclaredLab, eventTypeOf, withEventType, withoutEventType } from './declared-lab.ts'

/** Every worker holds and compiles every type. */
export const maxEventTypes = 200

export type EventTypeChange = Omit<z.infer<typeof eventTypeInput>, 'name'>

export interface EventTypes {
  find(name: string): EventTypeDefinition | undefined
  list(): EventTypeItem[]
  /** Resolves when broker and workers know the type. `text` is the JSON of the input, by which its numbers keep their digits. */
  create(input: EventTypeInput, text?: string): Promise<EventTypeItem>
  /** As `create`; the version counts up where the schema is another one. Absent `consumers` stay as they are. */
  replace(name: string, input: EventTypeChange, text?: string): Promise<EventTypeItem>
  /** Refused while messages of the type are unsettled or a burst of it runs. */
  remove(name: string): Promise<void>
}

export function createEventTypes(sources: {
  currentLab: CurrentLab
  validators: Pick<DataValidators, 'probe'>
  publishedByType: () => Record<string, number>
  /** Why the type cannot go now; undefined if it can. */
  heldBy: (name: string) => string | undefined
}): EventTypes {
  const { currentLab } = sources
  const item = ({ exact, ...type }: EventTypeDefinition, published: Record<string, number>): EventTypeItem => ({
    ...type,
    ...shownContents({ ...type, ...(exact === undefined ? {} : { exact }) }),
    consumers: consumersOf(currentLab.lab(), type.name),
    published: published[type.name] ?? 0,
  })
  const find = (name: string): EventTypeDefinition | undefined => eventTypeOf(currentLab.lab(), name)
  const answer = (name: string): EventTypeItem => item(known(currentLab.lab(), name), sources.publishedByType())

  return {
    find,
    list() {
      const published = sources.publishedByType()
      return currentLab.lab().eventTypes.map((type) => item(type, published))
    },
    async create(input, text) {
      await checkContents(definition(input.name, 1, input, text), input, currentLab.lab(), sources.validators)
      await currentLab.change((lab) => {
        if (eventTypeOf(lab, input.name)) {
          throw new ApiProblem(
            'event_type_exists',
            `${input.name} exists; choose another name, or PUT /api/event-types/${input.name}`,
          )
        }
        if (lab.eventTypes.filter(({ inLabFile }) => !inLabFile).length >= maxEventTypes) {
          throw new ApiProblem(
            'invalid_body',
            `there are ${maxEventTypes} event types beside those of the lab file, which is the most; delete one first`,
          )
        }
        const consumers = input.consumers ?? lab.subscriptions.map(({ consumer }) => consumer)
        return withEventType(lab, definition(input.name, 1, input, text), consumers)
      })
      return answer(input.name)
    },
    async replace(name, input, text) {
      changeable(currentLab.lab(), name)
      const changed = definition(name, 1, input, text)
      await checkContents(changed, input, currentLab.lab(), sources.validators)
      await currentLab.change((lab) => {
        const before = changeable(lab, name)
        const { schema, exact } = changed
        const isSame = isDeepStrictEqual(before.schema, schema) && before.exact?.schema === exact?.schema
        const version = isSame ? before.version : before.version + 1
        return withEventType(lab, { ...changed, version }, input.consumers ?? consumersOf(lab, name))
      })
      return answer(name)
    },
    async remove(name) {
      await currentLab.change((lab) => {
        changeable(lab, name)
        const held = sources.heldBy(name)
        if (held !== undefined) throw new ApiProblem('event_type_in_use', held)
        return withoutEventType(lab, name)
      })
    },
  }
}

function known(lab: DeclaredLab, name: string): EventTypeDefinition {
  const type = eventTypeOf(lab, name)
  if (!type) {
    const names = lab.eventTypes.map((other) => other.name).join(', ')
    throw new ApiProblem('unknown_event_type', `there is no event type "${name.slice(0, 100)}"; known: ${names}`)
  }
  return type
}

function changeable(lab: DeclaredLab, name: string): EventTypeDefinition {
  const type = known(lab, name)
  if (type.inLabFile) {
    throw new ApiProblem(
      'built_in_event_type',
      `${name} is declared in the lab file: change it there, or who takes it with PUT /api/subscriptions`,
    )
  }
  return type
}

function definition(name: string, version: number, input: EventTypeChange, text?: string): EventTypeDefinition {
  const texts = text === undefined ? undefined : memberTexts(text)
  const written = (member: 'schema' | 'example'): string => texts?.get(member) ?? JSON.stringify(input[member])
  return {
    name,
    version,
    topic: input.topic ?? name,
    ...contentsFrom(written('schema'), written('example')),
    ...(input.keyField === undefined ? {} : { keyField: input.keyField }),
    ...(input.email === undefined ? {} : { email: input.email }),
    builtIn: false,
  }
}

/** What the input's own schema cannot say: the example fits, the key field is one, the consumers exist. */
async function checkContents(
  type: EventTypeDefinition,
  input: EventTypeChange,
  lab: DeclaredLab,
  validators: Pick<DataValidators, 'probe'>,
): Promise<void> {
  const found = await validators.probe(exactSchema(type), parseExact(exampleText(type)))
  const wrong = found.map(({ path, message }) => ({ path: `/example${path}`, message }))
  if (wrong.length > 0) throw inputProblem('invalid_example', wrong)

  const errors: InputError[] = []
  if (input.keyField !== undefined) {
    const value = Object.hasOwn(input.example, input.keyField) ? input.example[input.keyField] : undefined
    if (typeof value !== 'string' && typeof value !== 'number') {
      errors.push({ path: '/keyField', message: `the example has no text or number at "${input.keyField}"` })
    }
  }
  const consumers = lab.subscriptions.map(({ consumer }) => consumer)
  for (const [index, consumer] of (input.consumers ?? []).entries()) {
    if (!consumers.includes(consumer)) {
      errors.push({ path: `/consumers/${index}`, message: `no consumer has this name; known: ${consumers.join(', ')}` })
    }
  }
  if (errors.length > 0) throw inputProblem('invalid_body', errors)
}
