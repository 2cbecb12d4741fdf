/** Bytes of a body, as it is sent and once it is unpacked. An SDK sends 512 spans at a time, less than 1 MiB. */
export const bodyBytesMax = 4 * 1024 * 1024
/** Spans, or log lines, of one request. */
export const itemsMax = 10_000
/** Attributes of one span or line; those beyond are left out. */
export const attributesMax = 64
/** Characters of a key, and of a name. */
export const nameMax = 200
/** Characters of a value, and of a message. */
export const textMax = 2_000
/** Characters of all keys and values of one span or line. */
export const attributesTextMax = 8_000
/** How deep values may hold values; what lies deeper is left out. */
export const depthMax = 6
/** Values within one attribute; those beyond are left out. */
export const partsMax = 200

/** The beginning of a text, cut between characters; a copy, since a slice would keep all of the text in memory. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  const cut = text.slice(0, last >= 0xd800 && last < 0xdc00 ? max - 1 : max)
  return Buffer.from(cut, 'utf16le').toString('utf16le')
}
