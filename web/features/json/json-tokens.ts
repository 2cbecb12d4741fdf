/** k: key, s: string, n: number or word, p: punctuation, '': space and what is not JSON. */
export type JsonTokenKind = 'k' | 's' | 'n' | 'p' | ''

export interface JsonToken {
  kind: JsonTokenKind
  text: string
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)|([{}[\],:]+)|([^"{}[\],:\dtfn-]+|.)/gs

/** Pieces of a JSON text for colouring; together they are the text, whatever it is. */
export function jsonTokens(text: string): JsonToken[] {
  const tokens: JsonToken[] = []
  for (const [, quoted, colon, word, punctuation, rest] of text.matchAll(token)) {
    if (quoted !== undefined) tokens.push({ kind: colon === undefined ? 's' : 'k', text: quoted })
    if (colon !== undefined) tokens.push({ kind: 'p', text: colon })
    if (word !== undefined) tokens.push({ kind: 'n', text: word })
    if (punctuation !== undefined) tokens.push({ kind: 'p', text: punctuation })
    if (rest !== undefined) tokens.push({ kind: '', text: rest })
  }
  return tokens
}
