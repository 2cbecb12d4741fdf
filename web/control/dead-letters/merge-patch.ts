import { memberTexts } from '#contracts/events/json-text.ts'

/**
 * JSON text with a JSON merge patch laid over it (RFC 7396): fields of the patch take the place of the value's, objects are
 * merged, null takes a field away. What the patch does not touch keeps its text, and so each number its digits. Both must be
 * valid JSON.
 */
export function mergePatch(value: string, patch: string): string {
  if (!isObject(patch)) return patch
  const merged = isObject(value) ? memberTexts(value) : new Map<string, string>()
  for (const [name, change] of memberTexts(patch)) {
    if (change === 'null') merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name) ?? 'null', change))
  }
  return `{${[...merged].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}

const isObject = (text: string): boolean => text.trimStart().startsWith('{')
