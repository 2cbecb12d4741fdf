import { isAscii } from 'node:buffer'
import { AwsError } from './aws-error.ts'
import type { Input } from './fields.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { Reply } from './reply.ts'

const contentType = 'application/x-amz-json-1.0'

/** An answer of SQS in AWS JSON 1.0. */
export function sqsReply(action: string, output: Record<string, unknown>): Reply {
  if (action !== 'ReceiveMessage') return { status: 200, contentType, text: JSON.stringify(output) }
  const messages = (output.Messages ?? []) as OutgoingMessage[]
  return { status: 200, contentType, text: receiveText(messages), ascii: messages.every(isAsciiOnly) }
}

/** Without the header the JavaScript SDK does not recognise the error. */
export function sqsError(error: AwsError): Reply {
  return {
    status: error.status,
    contentType,
    text: JSON.stringify({ __type: error.jsonType, message: error.message }),
    headers: { 'x-amzn-query-error': `${error.queryCode};${error.fault}` },
  }
}

const backslash = 0x5c

/**
 * Whether a JSON text, if it is one, has only texts that need no second look: ASCII, and nothing escaped, so neither quotes nor control characters
 * are in any of them. Two looks at the bytes are many times faster than one at each text.
 */
export const isPlainJson = (body: Buffer): boolean => isAscii(body) && !body.includes(backslash)

/** The input of a JSON request; `plain`: see `isPlainJson`. Throws `SerializationException` if it is not an object, or nested beyond what can be read. */
export function parseSqsJson(body: Buffer, plain = false): Input {
  let input: unknown
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString(plain ? 'latin1' : 'utf8'))
  } catch {
    throw new AwsError('SerializationException', 'The body is not valid JSON.')
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'The body must be a JSON object.')
  }
  return input as Input
}

/** Units that JSON has to escape beside quotes and backslashes. */
const escaped = /[^ -\ud7ff\ue000-\uffff]/

/** As `JSON.stringify`, several times faster if nothing has to be escaped. */
function jsonText(text: string): string {
  return text.includes('"') || text.includes('\\') || escaped.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** Counting the bytes of a long answer takes as long as making it: of most it is known how many there are. */
const isAsciiOnly = ({ plain, attributes, systemAttributes }: OutgoingMessage): boolean =>
  plain && attributes === '' && systemAttributes === undefined

/** Written by hand because attributes are JSON text already. */
function receiveText(messages: OutgoingMessage[]): string {
  if (messages.length === 0) return '{}'
  let text = '{"Messages":['
  let comma = ''
  for (const message of messages) {
    text += `${comma}{"MessageId":"${message.messageId}","ReceiptHandle":"${message.receiptHandle}","MD5OfBody":"${message.md5OfBody}","Body":${message.plain ? `"${message.body}"` : jsonText(message.body)}`
    if (message.systemAttributes !== undefined) text += `,"Attributes":${JSON.stringify(message.systemAttributes)}`
    if (message.attributes !== '') {
      text += `,"MessageAttributes":${message.attributes},"MD5OfMessageAttributes":"${message.md5OfAttributes}"`
    }
    text += '}'
    comma = ','
  }
  return `${text}]}`
}
