import { filledTemplate } from '#contracts/effects/declared/filled-template.ts'
import { fieldOf, isNull, type JsonValue, printed, readJson } from '#contracts/effects/declared/json-value.ts'

/** The event whose values a template names. `body` is JSON. */
export interface TemplateEvent {
  id: string
  type: string
  body: string
}

const alone = /^\{\{([^{}]*)\}\}$/

/**
 * The data of an event as JSON text: `template` with values in place of `{{path}}`, where a path is `id`, `type` or `data` with names and
 * numbers of items behind it (`{{data.items.0.sku}}`). A text that is one placeholder and nothing else becomes the value with its type, and a
 * number keeps its digits; within other text a value is shown as text. What the event does not have is left out of an object, null in an
 * array, and empty within text.
 */
export function filledData(template: Readonly<Record<string, unknown>>, { id, type, body }: TemplateEvent): string {
  const scope: JsonValue = {
    kind: 'object',
    fields: new Map([
      ['id', text(id)],
      ['type', text(type)],
      ['data', readJson(body)],
    ]),
  }
  return printed(filled(template, (path) => path.split('.').reduce<JsonValue | undefined>(fieldOf, scope)) ?? nothing)
}

function filled(template: unknown, valueAt: (path: string) => JsonValue | undefined): JsonValue | undefined {
  if (typeof template === 'string') {
    const path = alone.exec(template)?.[1]
    return path === undefined ? text(filledTemplate(template, (inner) => shown(valueAt(inner)))) : valueAt(path.trim())
  }
  if (Array.isArray(template)) return { kind: 'array', items: template.map((item) => filled(item, valueAt) ?? nothing) }
  if (typeof template === 'object' && template !== null) {
    const fields = Object.entries(template).flatMap(([name, inner]) => {
      const value = filled(inner, valueAt)
      return value === undefined ? [] : [[name, value] as const]
    })
    return { kind: 'object', fields: new Map(fields) }
  }
  return { kind: 'literal', text: JSON.stringify(template) }
}

const text = (value: string): JsonValue => ({ kind: 'string', text: value })
const nothing: JsonValue = { kind: 'literal', text: 'null' }

function shown(value: JsonValue | undefined): string {
  if (value === undefined || isNull(value)) return ''
  return value.kind === 'array' || value.kind === 'object' ? printed(value) : value.text
}
