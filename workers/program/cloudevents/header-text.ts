/** What a header may not carry as it is: space, quote, percent sign and everything beyond printable ASCII. */
const encoded = /[^\x21-\x7e]|["%]/gu
const bytes = new TextEncoder()
const text = new TextDecoder()

/** The value of an attribute as a header, percent-encoded as the HTTP binding says in 3.1.3.2. */
export const headerValueText = (value: string): string =>
  value.replace(encoded, (character) =>
    [...bytes.encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )

/** The value that a header carries: without quotes around it, percent-decoded. `header` holds a byte in each character. */
export function textOfHeader(header: string): string {
  const quoted = /^"(.*)"$/s.exec(header)
  const plain = quoted ? (quoted[1] ?? '').replace(/\\(.)/gs, '$1') : header
  const found: number[] = []
  for (let at = 0; at < plain.length; at += 1) {
    const hex = plain[at] === '%' ? /^[0-9a-f]{2}/i.exec(plain.slice(at + 1, at + 3))?.[0] : undefined
    if (hex === undefined) found.push(plain.charCodeAt(at) & 0xff)
    else {
      found.push(Number.parseInt(hex, 16))
      at += 2
    }
  }
  return text.decode(Uint8Array.from(found))
}
