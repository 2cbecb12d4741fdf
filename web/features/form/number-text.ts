/** What a typed text is as a value: a number, undefined where it is empty, else the text itself, which no number schema takes. */
export function numberOf(text: string): number | string | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : text
}
