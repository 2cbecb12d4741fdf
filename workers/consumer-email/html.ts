/** HTML that may be inserted as it is. */
export class MailHtml {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as HTML shows it. Safe in content and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

/** Bytes of `escapeHtml(text)` in UTF-8. */
export function escapedBytes(text: string): number {
  let bytes = Buffer.byteLength(text)
  for (const [sign] of text.matchAll(/[&<>"']/g)) bytes += (entities[sign]?.length ?? 1) - 1
  return bytes
}

/** A template whose values are escaped, save those that are `Html` already (or arrays of it). */
export function mailHtml(
  strings: TemplateStringsArray,
  ...values: (string | number | MailHtml | MailHtml[])[]
): MailHtml {
  let markup = strings[0] ?? ''
  for (const [index, value] of values.entries()) {
    if (value instanceof MailHtml) markup += value.markup
    else if (Array.isArray(value)) markup += value.map((part) => part.markup).join('')
    else markup += escapeHtml(String(value))
    markup += strings[index + 1] ?? ''
  }
  return new MailHtml(markup)
}
