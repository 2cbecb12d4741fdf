import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'
import { exampleText } from '#contracts/events/exact-texts.ts'
import { varyMessages } from '#contracts/events/message-variation.ts'
import type { KeyChoice } from '#contracts/scenario/scenario-file.ts'
import { keyDraw } from './key-draw.ts'
import { randomOf, uuidBy } from './random.ts'
import { compileTemplate } from './render-template.ts'

/** A message as the producer is given it. */
export interface MadeMessage {
  /** UTF-8 JSON text. */
  body: string
  key?: string
}

/**
 * Makes the messages of one type in a phase: from the template of the scenario, or else from the example of the type, varied as bursts
 * vary it. The same seed and type give the same messages.
 */
export function messageMaker(options: {
  type: EventTypeDefinition
  data?: Record<string, unknown> | undefined
  keys?: KeyChoice | undefined
  seed: number
}): (index: number) => MadeMessage {
  const { type, data, keys, seed } = options
  const random = randomOf(seed)
  const draw = keys && keyDraw(keys, random)
  if (data === undefined) {
    const vary = varyMessages({
      ...{ burstId: `seed ${seed}`, schema: type.schema, data: exampleText(type) },
      ...(type.keyField === undefined ? {} : { keyField: type.keyField }),
      ...(keys === undefined ? {} : { keys: keys.count }),
      newUuid: () => uuidBy(random),
    })
    return (index) => vary(draw ? draw() : index)
  }
  const render = compileTemplate(data)
  const { keyField } = type
  return (index) => {
    const drawn = draw?.()
    const key = drawn === undefined ? uuidBy(random) : keyText(type, seed, drawn)
    const made = { ...(render({ random, index, key }) as Record<string, unknown>) }
    if (drawn === undefined) return { body: writeJson(made), ...ownKey(made, keyField) }
    if (keyField !== undefined && Object.hasOwn(made, keyField)) made[keyField] = key
    return { body: writeJson(made), key }
  }
}

function ownKey(data: Record<string, unknown>, keyField: string | undefined): { key?: string } {
  const value = keyField === undefined ? undefined : data[keyField]
  const isKey = typeof value === 'string' || typeof value === 'number' || value instanceof ExactJson
  return isKey ? { key: String(value) } : {}
}

/** The text of a key by its number, in the format that the schema asks of the key field. */
function keyText({ schema, keyField }: EventTypeDefinition, seed: number, index: number): string {
  const properties = schema.properties as Record<string, { format?: unknown } | undefined> | undefined
  const format = keyField === undefined ? undefined : properties?.[keyField]?.format
  if (format === 'uuid') return uuidBy(randomOf((seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0))
  return format === 'email' ? `key-${index + 1}@example.com` : `key-${index + 1}`
}
