/**
 * JSON texts in attributes of SNS, refused in the words that AWS answers with: what is wrong where, as the parser behind the service says it.
 * The text is judged by `JSON.parse`; only one that it refuses is looked at again, for its first fault.
 */
export function parsePolicyJson(text: string, refusal: (reason: string) => Error): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const { reason, at } = faultIn(text) ?? { reason: 'Unexpected trailing content', at: text.length }
    throw refusal(`failed to parse JSON. ${reason}\n at ${placeOf(text, at)}`)
  }
}

interface Fault {
  reason: string
  /** Index into the text. */
  at: number
}

const source = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); '

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split(/\r\n|\r|\n/)
  return `${source}line: ${before.length}, column: ${(before.at(-1) ?? '').length + 1}]`
}

const valueNames = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
const deepest = 200

/** The first fault of a text that is no JSON. */
function faultIn(text: string): Fault | undefined {
  let at = 0
  let depth = 0

  const skip = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  }
  const fault = (reason: string, where = at): Fault => ({ reason, at: where })
  const unexpected = (expected: string): Fault =>
    fault(`Unexpected character ('${text.charAt(at)}' (code ${text.charCodeAt(at)})): ${expected}`)

  /** A string whose opening quote is at `at`. */
  const string = (inName: boolean): Fault | undefined => {
    for (at++; at < text.length; at++) {
      const character = text.charAt(at)
      if (character === '"') {
        at++
        return undefined
      }
      if (character < ' ') {
        return fault(
          `Illegal unquoted character ((CTRL-CHAR, code ${text.charCodeAt(at)})): has to be escaped using backslash to be included in ${inName ? 'name' : 'string value'}`,
        )
      }
      if (character !== '\\') continue
      at++
      const escaped = text.charAt(at)
      if (escaped === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          at++
          if (!/[0-9a-fA-F]/.test(text.charAt(at)))
            return unexpected('expected a hex-digit for character escape sequence')
        }
      } else if (escaped === '' || !'"\\/bfnrt'.includes(escaped)) {
        return fault(`Unrecognized character escape '${escaped}' (code ${text.charCodeAt(at)})`)
      }
    }
    return fault(
      `Unexpected end-of-input${inName ? ' in field name' : ': was expecting closing quote for a string value'}`,
    )
  }

  /** An object or array whose opening bracket is at `at`. */
  const nest = (kind: 'Object' | 'Array', close: string): Fault | undefined => {
    const start = at++
    const unclosed = (): Fault =>
      fault(`Unexpected end-of-input: expected close marker for ${kind} (start marker at ${placeOf(text, start)})`)
    for (let first = true; ; first = false) {
      skip()
      if (at >= text.length) return unclosed()
      if (text.charAt(at) === close && first) break
      const wrong = kind === 'Object' ? member() : value()
      if (wrong !== undefined) return wrong
      skip()
      if (at >= text.length) return unclosed()
      if (text.charAt(at) === close) break
      if (text.charAt(at) !== ',') return unexpected(`was expecting comma to separate ${kind} entries`)
      at++
    }
    at++
    return undefined
  }

  const member = (): Fault | undefined => {
    if (text.charAt(at) !== '"') return unexpected('was expecting double-quote to start field name')
    const wrong = string(true)
    if (wrong !== undefined) return wrong
    skip()
    if (at >= text.length) return fault('Unexpected end-of-input within/between Object entries')
    if (text.charAt(at) !== ':') return unexpected('was expecting a colon to separate field name and value')
    at++
    return value()
  }

  const value = (): Fault | undefined => {
    skip()
    if (at >= text.length)
      return fault(depth === 0 ? 'No content to map due to end-of-input' : 'Unexpected end-of-input')
    if (depth > deepest) return fault('Document nesting depth exceeds the maximum allowed')
    const character = text.charAt(at)
    if (character === '"') return string(false)
    if (character === '{' || character === '[') {
      depth++
      const wrong = character === '{' ? nest('Object', '}') : nest('Array', ']')
      depth--
      return wrong
    }
    const [word = ''] = /^[\p{L}\p{N}_$.+-]*/u.exec(text.slice(at, at + 256)) ?? []
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(word) || /^(true|false|null)$/.test(word)) {
      at += word.length
      return undefined
    }
    if (/^-?0\d/.test(word)) return fault('Invalid numeric value: Leading zeroes not allowed')
    const [name = ''] = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(word) ?? []
    if (name === '') return unexpected(`expected a valid value ${valueNames}`)
    return fault(`Unrecognized token '${name}': was expecting ${valueNames}`, at + name.length)
  }

  const wrong = value()
  if (wrong !== undefined) return wrong
  skip()
  return at < text.length ? value() : undefined
}
