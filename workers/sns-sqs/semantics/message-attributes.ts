import { hash } from 'node:crypto'
import { AwsError } from '../protocol/aws-error.ts'
import { checkText } from './message-text.ts'

/** One message attribute as the wire has it; binary values in base64. */
export interface MessageAttribute {
  DataType: string
  StringValue?: string
  BinaryValue?: string
}
export type MessageAttributes = Record<string, MessageAttribute>

/**
 * Checks the attributes of one message as AWS does. `code` is what the service calls the error; `most` how many there may be, where the
 * service has a limit.
 */
export function checkAttributes(attributes: MessageAttributes, code: string, most = Number.POSITIVE_INFINITY): void {
  const names = Object.keys(attributes)
  if (names.length > most) {
    throw new AwsError(code, `Number of message attributes [${names.length}] exceeds the allowed maximum [${most}].`)
  }
  for (const name of names) {
    const attribute = attributes[name]
    if (attribute === undefined) continue
    checkName(name, code)
    checkValue(name, attribute, code)
  }
}

/** What SNS calls an attribute that is wrong; it has words of its own. */
const snsCode = 'ParameterValueInvalid'

/** Names that were found good; they repeat from message to message. */
const goodNames = new Set<string>()

function checkName(name: string, code: string): void {
  if (goodNames.has(name)) return
  const reason = reasonAgainst(name, code === snsCode ? /[^A-Za-z0-9_.-]/u : /[^\p{L}\p{N}_.-]/u)
  if (reason !== undefined) throw new AwsError(code, reason)
  if (goodNames.size < 1_000 && /^[A-Za-z0-9_.-]+$/.test(name)) goodNames.add(name)
}

/** SNS takes the letters of ASCII only, SQS any. */
function reasonAgainst(name: string, unknown: RegExp): string | undefined {
  if (name.length > 256) return 'Length of message attribute name must be less than 256 bytes.'
  if (name === '') return 'The request must contain non-empty message attribute names.'
  const foreign = unknown.exec(name)?.[0]
  if (foreign !== undefined) {
    return `Invalid non-alphanumeric character '#x${foreign.codePointAt(0)?.toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`
  }
  if (name.startsWith('.')) return "Invalid message attribute name starting with character '.' was found."
  if (name.endsWith('.')) return "Invalid message attribute name ending with character '.' was found."
  if (name.includes('..')) return "Message attribute name can not have successive '.' character."
  return /^(aws|amazon)\./i.test(name)
    ? 'Message attribute names starting with AWS. or Amazon. are reserved.'
    : undefined
}

/** What a data type is made of; undefined if there is no such type. `String` may be `String.mine`. */
function baseType(dataType: string): 'String' | 'Number' | 'Binary' | undefined {
  if (dataType === 'String' || dataType === 'Number' || dataType === 'Binary') return dataType
  const base = dataType.length > 256 ? undefined : /^(String|Number|Binary)\../.exec(dataType)?.[1]
  return base as 'String' | 'Number' | 'Binary' | undefined
}

function checkValue(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute, code: string): void {
  const base = baseType(DataType)
  if (base === undefined) {
    throw new AwsError(
      code,
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  }
  if (DataType !== base) checkText(DataType, code, 'the message attribute type')
  const [value, other] = base === 'Binary' ? [BinaryValue, StringValue] : [StringValue, BinaryValue]
  if (value === undefined || value === '') {
    if (other !== undefined && other !== '') {
      const field = base === 'Binary' ? 'Binary' : 'String'
      throw new AwsError(code, `The message attribute '${name}' with type '${base}' must use field '${field}'.`)
    }
    throw new AwsError(
      code,
      code === snsCode
        ? `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${base}'.`
        : `Message (user) attribute '${name}' must contain a non-empty value of type '${base}'.`,
    )
  }
  if (base === 'Number' && !isNumber(value)) {
    throw new AwsError(
      code,
      code === snsCode
        ? `Could not cast message attribute '${name}' value to number.`
        : `Can't cast the value of message (user) attribute '${name}' to a number.`,
    )
  }
  if (base !== 'Binary') checkText(value, code, 'the message attribute value')
}

/** Numbers have up to 38 digits and lie between -10^128 and 10^126. */
function isNumber(value: string): boolean {
  const match = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/.exec(value)
  if (match === null) return false
  const digits = (match[1] ?? '').replace('.', '').replace(/^0+|0+$/g, '')
  return digits.length <= 38 && Math.abs(Number(value)) < 1e126
}

const initialScratch = 16_384
let scratch = Buffer.allocUnsafe(initialScratch)
let length = 0

/** Lengths and the transport byte, which are in the digest and not in the size. */
const framing = 13

/**
 * The MD5 that the SDKs check, and the size that the limits count: names, types and values. The MD5 is over the names
 * sorted; per attribute the name and the full data type, each with a 4-byte length, one byte that is 1 for text and 2
 * for binary, and the value with its length.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function digestAttributes(attributes: MessageAttributes): { md5: string; bytes: number } {
  const names = Object.keys(attributes).sort()
  length = 0
  for (const name of names) {
    const attribute = attributes[name]
    if (attribute === undefined) continue
    const binary = attribute.DataType.startsWith('Binary')
    put(name, 'utf8')
    put(attribute.DataType, 'utf8')
    scratch[length++] = binary ? 2 : 1
    put((binary ? attribute.BinaryValue : attribute.StringValue) ?? '', binary ? 'base64' : 'utf8')
  }
  const md5 = hash('md5', scratch.subarray(0, length))
  const bytes = length - names.length * framing
  if (scratch.length > initialScratch * 4) scratch = Buffer.allocUnsafe(initialScratch)
  return { md5, bytes }
}

function put(text: string, encoding: 'utf8' | 'base64'): void {
  const room = length + 5 + text.length * 3
  if (room > scratch.length) {
    const grown = Buffer.allocUnsafe(room * 2)
    scratch.copy(grown, 0, 0, length)
    scratch = grown
  }
  const start = length + 4
  const ascii = encoding === 'utf8' && text.length < 64 ? putShortAscii(text, start) : -1
  const written = ascii === -1 ? scratch.write(text, start, encoding) : ascii
  scratch[length] = written >>> 24
  scratch[length + 1] = written >>> 16
  scratch[length + 2] = written >>> 8
  scratch[length + 3] = written
  length = start + written
}

/** Copying a few characters here is cheaper than the call into the runtime. -1 where one of them is not ASCII. */
function putShortAscii(text: string, start: number): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 127) return -1
    scratch[start + index] = unit
  }
  return text.length
}

/**
 * The attributes that a receiver asked for: `All`, `.*`, a name, or `prefix.*`. Undefined if none fits, and then
 * there is no MD5 either.
 */
export function pickAttributes(attributes: MessageAttributes, names: string[]): MessageAttributes | undefined {
  const picked = Object.entries(attributes).filter(([name]) =>
    names.some((wanted) => wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2)))),
  )
  return picked.length === 0 ? undefined : Object.fromEntries(picked)
}

export const asksForAll = (names: string[]): boolean =>
  names.includes('All') || names.includes('.*') || names.includes('*')
