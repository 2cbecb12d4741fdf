import { z } from 'zod'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'

/** Contents saved by name in this browser. */
const template = z.object({
  name: z.string().min(1).max(80),
  type: z.string(),
  key: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
})
export type Template = z.infer<typeof template>

const storageKey = 'faultline.templates'
const version = 1
const stored = z.object({ version: z.literal(version), templates: z.array(z.unknown()) })

/** The part of `Storage` that is used. */
export type TemplateStorage = Pick<Storage, 'getItem' | 'setItem'>

/** Saved templates by name. A value that is not ours, or one bad entry, is skipped; it is replaced at the next save. */
export function loadTemplates(storage: TemplateStorage): Template[] {
  const text = storage.getItem(storageKey)
  if (text === null) return []
  const whole = stored.safeParse(parsed(text))
  if (!whole.success) return []
  return whole.data.templates.flatMap((entry) => {
    const one = template.safeParse(entry)
    return one.success ? [one.data] : []
  })
}

/** Saves under the name, in place of an older one. Throws if the browser refuses to store. */
export function saveTemplate(storage: TemplateStorage, saved: Template): Template[] {
  const others = loadTemplates(storage).filter((other) => other.name !== saved.name)
  return write(
    storage,
    [...others, saved].sort((a, b) => a.name.localeCompare(b.name)),
  )
}

export const deleteTemplate = (storage: TemplateStorage, name: string): Template[] =>
  write(
    storage,
    loadTemplates(storage).filter((other) => other.name !== name),
  )

function write(storage: TemplateStorage, templates: Template[]): Template[] {
  storage.setItem(storageKey, writeJson({ version, templates }))
  return templates
}

function parsed(text: string): unknown {
  try {
    return parseExact(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
