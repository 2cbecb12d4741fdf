/** What a header can carry of a text: one line, without other control characters than a tab. */
export const inHeader = (text: string): string =>
  wellFormed(text.replace(/\r\n|\r|\n/g, ' ').replace(/[^\P{Cc}\t]/gu, '\ufffd'))

/** What a body can carry of it: one kind of line break. */
export const inBody = (text: string): string => wellFormed(text.replace(/\r\n?/g, '\n'))

/** Half a surrogate pair has no bytes of UTF-8. */
const wellFormed = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))
