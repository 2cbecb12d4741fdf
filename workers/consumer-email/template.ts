const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g

/** A template's text with the values of an event in place, and the places that had none. */
export interface Rendered {
  text: string
  /** Paths for which the event has no value, each once. They are empty in the text. */
  missing: string[]
}

/**
 * Replaces `{{data.field}}` by values of the event: dotted paths, arrays by index (`{{data.items.0.sku}}`), `type` and `id`
 * beside `data`. Nothing is executed; objects and arrays are shown as JSON. The text is not HTML: escape it afterwards.
 */
export function renderTemplate(template: string, event: { id: string; type: string; data: unknown }): Rendered {
  const scope = { id: event.id, type: event.type, data: event.data }
  const missing = new Set<string>()
  const text = template.replace(placeholder, (_, path: string) => {
    const value = valueAt(scope, path)
    if (value === undefined || value === null) {
      missing.add(path)
      return ''
    }
    return shown(value)
  })
  return { text, missing: [...missing] }
}

/** A value as a person reads it. */
export function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Own properties only, so that a path never reaches into a prototype. */
function valueAt(scope: unknown, path: string): unknown {
  let value = scope
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
