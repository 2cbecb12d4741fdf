/** Whether a text holds what is looked for, which was given to `lookFor`. `json` texts are read as a reader sees their values. */
export interface Seeker {
  isIn(text: string | undefined, json?: 'json'): boolean
}

const beyondAscii = /[^\0-\x7f]/
const escaped = /\\(?:u([\da-fA-F]{4})|(["\\/bfnrt]))/g
const control: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * Looks for a text as a reader means it: in any case of any script, composed or not, and in JSON with the quotes and backslashes that a
 * value has, not those that JSON writes for them. JSON that is spaced as a page prints it is found too.
 */
export function lookFor(wanted: string): Seeker {
  const lower = wanted.toLowerCase()
  const folded = fold(wanted)
  const packed = wanted.replace(/([:,{[])\s+/g, '$1')
  const plain = packed === wanted ? undefined : lookFor(packed)
  const isSimple = !beyondAscii.test(wanted)
  const holds = (text: string): boolean =>
    isSimple && !beyondAscii.test(text) ? text.toLowerCase().includes(lower) : fold(text).includes(folded)
  const isIn: Seeker['isIn'] = (text, json) => {
    if (text === undefined) return false
    if (holds(text)) return true
    if (json === undefined) return false
    if (text.includes('\\') && holds(unescaped(text))) return true
    return plain?.isIn(text, json) ?? false
  }
  return { isIn }
}

/** One writing for all cases: ß is SS, both small sigmas are one, and so are i with a dot and without. */
const fold = (text: string): string =>
  text.normalize('NFC').toLowerCase().toUpperCase().replaceAll('I\u0307', 'I').normalize('NFC')

/** The text of JSON with its strings as they are meant. What is around them is kept. */
const unescaped = (json: string): string =>
  json.replace(escaped, (_, code: string | undefined, letter = '') =>
    code === undefined ? (control[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
