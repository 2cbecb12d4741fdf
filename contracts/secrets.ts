/** Written in place of a secret. */
export const hiddenSecret = '[secret]'

/** Names of variables whose value is a secret, whatever it is. */
const secretName = /(?:TOKEN|PASSWORD|PASSPHRASE|SECRET|CREDENTIALS|PRIVATE_KEY|API_KEY|ACCESS_KEY)$/i
/** A variable that only says who or where, though its name ends like one of the others. */
const publicName = /^(?:AWS_ACCESS_KEY_ID|.*_USERNAME|.*_FILE)$/i
/** Shorter values are found where they are in an address, and not in running text: they would hide half of it. */
const shortestValue = 6

/** Forms that a secret has wherever it comes from: in an address, a query, a header, a setting. */
const forms: readonly [RegExp, string][] = [
  // Of a scheme at most 31 characters: without a bound, a long word takes the square of its length.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#:@"'`<>]*):[^\s/?#"'`<>]*@/gi, `$1:${hiddenSecret}@`],
  [/([?&](?:access_?token|token|password|secret|api_?key)=)[^&\s"'`<>]+/gi, `$1${hiddenSecret}`],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{6,}/g, `$1 ${hiddenSecret}`],
  [
    /\b((?:sasl[._])?password|passwd|secret_?access_?key|client_?secret)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    `$1$2${hiddenSecret}`,
  ],
]

/** Takes secrets out of a text that somebody may read. */
export type Redact = (text: string) => string

/** Redaction by form alone: passwords in addresses, tokens in queries and headers. For texts of unknown origin. */
export function redactForms(text: string): string {
  return forms.reduce((left, [form, instead]) => left.replace(form, instead), text)
}

/**
 * Redaction of what this environment holds, in whatever form it is printed, besides all that looks like a secret. `more` are
 * values that no variable holds. A value that is also the public name of its owner hides nothing and is left.
 */
export function createRedactor(env: Record<string, string | undefined>, more: readonly string[] = []): Redact {
  const found = [...Object.entries(env).flatMap(([name, value]) => secretsOf(name, value)), ...more]
  const names = new Set(Object.entries(env).flatMap(([name, value]) => (publicName.test(name) ? [value] : [])))
  const values = [...new Set(found)].filter((value) => value.length >= shortestValue && !names.has(value))
  const spellings = [...new Set(values.flatMap(spellingsOf))].sort((a, b) => b.length - a.length)
  return (text) => {
    let left = text
    for (const spelling of spellings) if (left.includes(spelling)) left = left.replaceAll(spelling, hiddenSecret)
    return redactForms(left)
  }
}

/** Secrets that a variable holds: all of it, or the password of the address that it is. */
function secretsOf(name: string, value: string | undefined): string[] {
  if (value === undefined || value === '' || publicName.test(name)) return []
  if (secretName.test(name)) return [value]
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:(.+)@[^@]*$/i.exec(value)?.[1]
  return password === undefined ? [] : [password, decoded(password)]
}

/** How a secret may be spelled in a log line: plain, escaped in JSON, percent-encoded in an address. */
const spellingsOf = (value: string): string[] => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A password with a bare % is what it is.
    return text
  }
}
