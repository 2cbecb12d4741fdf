/** What an XML answer is made of: text, numbers, structures, lists as `member`s, and maps as `entry`s. */
export type XmlValue = string | number | boolean | XmlMap | { [name: string]: XmlValue | undefined } | XmlValue[]

/** A map, which XML answers spell as `entry` elements with `key` and `value`. */
export class XmlMap {
  readonly entries: Record<string, string>
  constructor(entries: Record<string, string>) {
    this.entries = entries
  }
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '&#xA;',
}

export const escapeXml = (text: string): string =>
  /[&<>"\r\n]/.test(text) ? text.replace(/[&<>"\r\n]/g, (character) => escapes[character] ?? character) : text

/** The inside of an element. */
export function toXml(value: XmlValue): string {
  if (Array.isArray(value)) return value.map((one) => `<member>${toXml(one)}</member>`).join('')
  if (value instanceof XmlMap) {
    return Object.entries(value.entries)
      .map(([key, text]) => `<entry><key>${escapeXml(key)}</key><value>${escapeXml(text)}</value></entry>`)
      .join('')
  }
  if (typeof value !== 'object') return escapeXml(String(value))
  let xml = ''
  for (const name of Object.keys(value)) {
    const child = value[name]
    if (child !== undefined) xml += `<${name}>${toXml(child)}</${name}>`
  }
  return xml
}
