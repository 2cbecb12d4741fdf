/** Characters of an encoded word's text that stay well within its 75, RFC 2047, 2. */
const wordLength = 56
/** The only characters that RFC 2047, 5 (3), leaves as they are in a phrase; they are safe everywhere else too. */
const unencoded = /[A-Za-z0-9!*+/-]/
/** A line that folds between its words stays readable, and far below the 998 characters of RFC 5322, 2.1.1. */
const longestWord = 70

/**
 * Text as a header can carry it on one line: a line break becomes a space, another control character (but a tab) or half a surrogate
 * pair U+FFFD. All other text is left as it is.
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/\r\n|[\r\n]/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no header may carry
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd')
  return Buffer.from(line, 'utf8').toString('utf8')
}

/**
 * The value of an unstructured header (RFC 5322, 3.6.5) from which a reader gets `oneLine(text)` back. Text that a reader might take
 * for an encoded word, or whose spaces it might drop, goes out as encoded words like any that is not ASCII.
 */
export function headerText(text: string): string {
  const line = oneLine(text)
  const isPlain = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(line) && !line.includes('=?')
  const words = line.split(' ')
  if (isPlain && words.every((word) => word.length <= longestWord)) return folded(words)
  return encodedWords(line)
}

/** The same for a display name or another phrase (RFC 5322, 3.2.5): plain if it is a few words of letters and digits. */
export function headerPhrase(text: string): string {
  const line = oneLine(text)
  const isPlain = line.length <= longestWord && /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/.test(line)
  return isPlain ? line : encodedWords(line)
}

function folded(words: string[]): string {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > longestWord) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\r\n ')
}

/** RFC 2047, 4.2, one word a line. No character is split over two words. */
function encodedWords(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text) {
    const encoded = encodedCharacter(character)
    if (word.length + encoded.length > wordLength) {
      words.push(word)
      word = ''
    }
    word += encoded
  }
  if (word !== '' || words.length === 0) words.push(word)
  return words.map((one) => `=?UTF-8?Q?${one}?=`).join('\r\n ')
}

function encodedCharacter(character: string): string {
  if (unencoded.test(character)) return character
  if (character === ' ') return '_'
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
