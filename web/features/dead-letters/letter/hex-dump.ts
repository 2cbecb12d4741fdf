/** Bytes of one line. */
const width = 16
/** Lines shown at most; a body can be a megabyte. */
export const hexLines = 256

/** Bytes much as `xxd` prints them: offset, hexadecimal in pairs, and the printable ones as text. */
export function hexDump(bytes: Uint8Array, lines = hexLines): string {
  const rows: string[] = []
  const digits = bytes.length > 0x10000 ? 8 : 4
  for (let from = 0; from < bytes.length && rows.length < lines; from += width) {
    const part = [...bytes.subarray(from, from + width)]
    const pairs: string[] = []
    for (let at = 0; at < width; at += 2) {
      pairs.push(
        part
          .slice(at, at + 2)
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join(''),
      )
    }
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    rows.push(`${from.toString(16).padStart(digits, '0')}: ${pairs.join(' ').padEnd(39)}  ${text}`)
  }
  return rows.join('\n')
}

/** The bytes of a dead letter's body. */
export const letterBytes = ({ raw, rawBase64 }: { raw: string; rawBase64?: string | undefined }): Uint8Array =>
  rawBase64 === undefined
    ? new TextEncoder().encode(raw)
    : Uint8Array.from(atob(rawBase64), (character) => character.charCodeAt(0))
