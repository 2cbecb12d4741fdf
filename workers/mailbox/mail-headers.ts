/** Header fields of a message by lower-case name, unfolded; of a repeated field the first. */
export type MailHeaders = ReadonlyMap<string, string>

/** More than any honest message has; what follows is not looked at. */
const longestHeader = 64 * 1024

/**
 * Reads the header section of a message, RFC 5322 2.2. Not a MIME parser: a mail is accepted without looking at its body.
 * NUL, which PostgreSQL's text cannot hold, is left out.
 */
export function readHeaders(source: Buffer): MailHeaders {
  const end = headerEnd(source)
  const text = source.toString('utf8', 0, end).replaceAll('\0', '')
  const headers = new Map<string, string>()
  // A line that begins with white space continues the one before it.
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}

function headerEnd(source: Buffer): number {
  const ends = [source.indexOf('\r\n\r\n'), source.indexOf('\n\n')].filter((index) => index >= 0)
  return Math.min(longestHeader, source.length, ...ends)
}

interface EncodedWord {
  charset: string
  bytes: Buffer
}

function readEncodedWord(charset: string, encoding: string, text: string): EncodedWord {
  if (encoding.toLowerCase() === 'b') return { charset, bytes: Buffer.from(text, 'base64') }
  const latin = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return { charset, bytes: Buffer.from(latin, 'latin1') }
}

function decode({ charset, bytes }: EncodedWord): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    // A character set that this Node does not know: what is ASCII of it stays readable.
    return bytes.toString('latin1')
  }
}

/** Decodes encoded words, RFC 2047. White space between two of them goes; characters split over two are joined. */
export function decodeWords(value: string): string {
  const run = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?\s]*\?=)*/gi
  const decoded = value.replace(run, (words) => {
    const joined: EncodedWord[] = []
    for (const [, label = '', encoding = '', text = ''] of words.matchAll(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi)) {
      // RFC 2231: a language may follow the character set.
      const word = readEncodedWord(label.split('*')[0]?.toLowerCase() ?? 'utf-8', encoding, text)
      const last = joined.at(-1)
      if (last?.charset === word.charset) last.bytes = Buffer.concat([last.bytes, word.bytes])
      else joined.push(word)
    }
    return joined.map(decode).join('')
  })
  return decoded.replaceAll('\0', '')
}
