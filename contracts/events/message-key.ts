import { memberTexts } from './json-text.ts'

/** Characters that a key may have. */
export const longestKey = 256

/** What a message attribute of SNS and SQS may hold beside letters: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const notCarried = /[^\t\n\r\u0020-\uffff]|[\ufffe\uffff]/

/**
 * Why a message cannot have this key, to be read after its place ("/key …"); undefined if it can. One rule for all brokers, so that what is
 * published on one can be published on another.
 */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'is empty; a key has at least one character'
  if (key.length > longestKey) return `has ${key.length} characters; a key has at most ${longestKey}`
  if (!key.isWellFormed()) return 'has half a surrogate pair, which is not a character and cannot be sent'
  const [wrong] = notCarried.exec(key) ?? []
  if (wrong === undefined) return undefined
  const code = wrong.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return `has the character U+${code}, which SNS and SQS do not carry in a message attribute`
}

/** Text that SNS and SQS do not carry in a message attribute. */
export const hasUncarriedCharacter = (text: string): boolean => notCarried.test(text)

/** The key that a field of the data gives, where it holds text or a number; `text` is the JSON of the data, whose digits are kept. */
export function keyIn(data: Record<string, unknown>, field: string, text: string): string | undefined {
  if (!Object.hasOwn(data, field)) return undefined
  const value = data[field]
  if (typeof value === 'string') return value
  // A number of more digits than JavaScript has room for would be the key of another event.
  return typeof value === 'number' ? memberTexts(text).get(field) : undefined
}
