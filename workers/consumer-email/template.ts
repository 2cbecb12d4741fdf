import type { ExactData } from './exact-data.ts'
import type { PartBudget } from './letter-too-large.ts'

/** The path is trimmed afterwards: a pattern that does it itself tries every way of sharing white space out. */
const placeholder = /\{\{([^{}]*)\}\}/g

/** A template's text with the values of an event in place, and the places that had none. */
export interface Rendered {
  text: string
  /** Paths for which the event has no value, each once. They are empty in the text. */
  missing: string[]
}

/** What a template can name: the event's id and type, and its data. */
export interface TemplateScope {
  id: string
  type: string
  exact: ExactData
}

/**
 * Replaces `{{data.field}}` by values of the event: dotted paths, arrays by index (`{{data.items.0.sku}}`), `type` and `id`
 * beside `data`. Nothing is executed; objects and arrays are shown as JSON. The text is not HTML: escape it afterwards. `budget` is
 * asked before a piece is kept, so that a template which names a large value many times ends where its part is full.
 */
export function renderTemplate(template: string, { id, type, exact }: TemplateScope, budget: PartBudget): Rendered {
  const scope = { id, type, data: exact.data }
  const missing = new Set<string>()
  const pieces: string[] = []
  const add = (piece: string): void => {
    budget.spend(Buffer.byteLength(piece))
    pieces.push(piece)
  }
  let from = 0
  for (const match of template.matchAll(placeholder)) {
    add(template.slice(from, match.index))
    from = match.index + match[0].length
    const path = (match[1] ?? '').trim()
    const value = valueAt(scope, path)
    if (value === undefined || value === null) missing.add(path)
    else add(exact.shown(value))
  }
  add(template.slice(from))
  return { text: pieces.join(''), missing: [...missing] }
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
