import { RE2JS } from 're2js'

/** A pattern cannot be matched in time linear in the text, or is not a regular expression. The message says what to change. */
export class UnusablePattern extends Error {
  override readonly name = 'UnusablePattern'
}

/** What a compiled pattern answers: whether it matches anywhere in a text. */
export interface LinearPattern {
  test(text: string): boolean
  /** The expression, between slashes. */
  toString(): string
}

/** What `\s` is in JavaScript; RE2's is ASCII alone. */
const space = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const longCategories: Record<string, string> = {
  ...{ Letter: 'L', Uppercase_Letter: 'Lu', Lowercase_Letter: 'Ll', Titlecase_Letter: 'Lt', Modifier_Letter: 'Lm' },
  ...{ Other_Letter: 'Lo', Mark: 'M', Nonspacing_Mark: 'Mn', Spacing_Mark: 'Mc', Enclosing_Mark: 'Me', Number: 'N' },
  ...{ Decimal_Number: 'Nd', Letter_Number: 'Nl', Other_Number: 'No', Punctuation: 'P', Symbol: 'S', Separator: 'Z' },
  ...{ Space_Separator: 'Zs', Math_Symbol: 'Sm', Currency_Symbol: 'Sc', Other: 'C', Control: 'Cc', Alphabetic: 'L' },
}

/**
 * Compiles a regular expression of JSON Schema (ECMA-262, flag `u`) so that its time is linear in the text whatever it says. RE2 has
 * no look-around and no back-references: those throw `UnusablePattern`, as does what is not an expression at all.
 */
export function compilePattern(pattern: string): LinearPattern {
  try {
    new RegExp(pattern, 'u')
  } catch (error) {
    throw new UnusablePattern(`is not a regular expression: ${error instanceof Error ? error.message : String(error)}`)
  }
  const translated = translate(pattern)
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(translated))
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    throw new UnusablePattern(`cannot be matched in linear time by RE2: ${why}`)
  }
  // Ajv tells patterns apart by their text.
  return { test: (text) => compiled.matcher(text).find(), toString: () => `/${pattern}/u` }
}

/** Tokens of an expression that are read another way by RE2. The pattern is one that JavaScript takes. */
const token =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\k<[^>]*>|\\[\s\S]|\(\?<?[=!]|[\s\S]/gu

function translate(pattern: string): string {
  let inClass = false
  let out = ''
  for (const [found] of pattern.matchAll(token)) {
    if (!inClass && /^\(\?<?[=!]$/.test(found)) {
      throw new UnusablePattern(`has a look-around ${found}…), which takes more than linear time; say it without`)
    }
    if (/^\\(k|[1-9])/.test(found)) {
      throw new UnusablePattern(`has a back-reference ${found}, which takes more than linear time; say it without`)
    }
    out += inClass ? inside(found) : outside(found)
    if (!inClass && found === '[') inClass = true
    else if (inClass && found === ']') inClass = false
  }
  return out
}

function outside(found: string): string {
  if (found === '\\s') return `[${space}]`
  if (found === '\\S') return `[^${space}]`
  if (found === '.') return '[^\\n\\r\\x{2028}\\x{2029}]'
  return both(found)
}

function inside(found: string): string {
  if (found === '[') return '\\['
  if (found === '\\s') return space
  if (found === '\\b') return '\\x08'
  return both(found)
}

function both(found: string): string {
  if (found === '\\0') return '\\x00'
  const pair = /^\\u(d...)\\u(d...)$/i.exec(found)
  if (pair) {
    const units = [pair[1], pair[2]].map((hex) => Number.parseInt(hex ?? '', 16))
    return `\\x{${String.fromCharCode(...units)
      .codePointAt(0)
      ?.toString(16)}}`
  }
  const property = /^\\([pP])\{(?:(?:Script|sc|Script_Extensions|scx|General_Category|gc)=)?(.*)\}$/.exec(found)
  if (!property) return found
  const name = property[2] ?? ''
  return `\\${property[1]}{${longCategories[name] ?? name}}`
}
