import type { ExactData } from './exact-data.ts'
import type { PartBudget } from './letter-too-large.ts'

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
  for (const { literal, path } of partsOf(template)) {
    if (path === undefined) {
      add(literal)
      continue
    }
    const value = valueAt(scope, path)
    if (value === undefined || value === null) missing.add(path)
    else add(exact.shown(value))
  }
  return { text: pieces.join(''), missing: [...missing] }
}

/** Text as it stands, or the path between `{{` and `}}`, trimmed. Braces within a path end it. Each character is looked at once. */
function* partsOf(template: string): Generator<{ literal: string; path?: string }> {
  let from = 0
  for (let open = template.indexOf('{{'); open >= 0; ) {
    const brace = nextBrace(template, open + 2)
    if (template.startsWith('}}', brace)) {
      if (open > from) yield { literal: template.slice(from, open) }
      yield { literal: '', path: template.slice(open + 2, brace).trim() }
      from = brace + 2
    }
    // A brace that is no end may be the second of the next beginning.
    open = template.indexOf('{{', Math.max(from, template[brace] === '{' ? brace - 1 : brace))
    if (brace >= template.length) break
  }
  if (from < template.length) yield { literal: template.slice(from) }
}

function nextBrace(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) if (text[index] === '{' || text[index] === '}') return index
  return text.length
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
