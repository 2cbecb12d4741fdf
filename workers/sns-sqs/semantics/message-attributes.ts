import { hash } from 'node:crypto'
import { AwsError } from '../protocol/aws-error.ts'
import { sqsLimits } from './limits.ts'

/** One message attribute as the wire has it; binary values in base64. */
export interface MessageAttribute {
  DataType: string
  StringValue?: string
  BinaryValue?: string
}
export type MessageAttributes = Record<string, MessageAttribute>

/** Checks the attributes of one message as AWS does. `code` is what the service calls the error. */
export function checkAttributes(attributes: MessageAttributes, code: string): void {
  const names = Object.keys(attributes)
  if (names.length > sqsLimits.messageAttributes) {
    throw new AwsError(code, `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`)
  }
  for (const name of names) {
    const attribute = attributes[name]
    if (attribute === undefined) continue
    if (!isAttributeName(name)) throw new AwsError(code, `The message attribute name '${name}' is invalid.`)
    checkValue(name, attribute, code)
  }
}

/** Names that were found good; they repeat from message to message. */
const goodNames = new Set<string>()

function isAttributeName(name: string): boolean {
  if (goodNames.has(name)) return true
  const good = /^[A-Za-z0-9_.-]{1,256}$/.test(name) && !/^(aws|amazon)\.|^\.|\.$|\.\./i.test(name)
  if (good && goodNames.size < 1_000) goodNames.add(name)
  return good
}

/** What a data type is made of; undefined where there is no such type. `String` may be `String.mine`. */
function baseType(dataType: string): string | undefined {
  if (dataType === 'String') return dataType
  return dataType.length > 256 ? undefined : /^(String|Number|Binary)(\..+)?$/.exec(dataType)?.[1]
}

function checkValue(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute, code: string): void {
  const base = baseType(DataType)
  if (base === undefined) {
    throw new AwsError(
      code,
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  }
  const value = base === 'Binary' ? BinaryValue : StringValue
  if (value === undefined || value === '') {
    throw new AwsError(
      code,
      `The message attribute '${name}' must contain a non-empty value of its type, ${base === 'Binary' ? 'BinaryValue' : 'StringValue'}.`,
    )
  }
  if (base === 'Number' && (value.trim() === '' || !Number.isFinite(Number(value)))) {
    throw new AwsError(code, `Can't cast the value of message attribute '${name}' to a number.`)
  }
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
 * The attributes that a receiver asked for: `All`, `.*`, a name, or `prefix.*`. Undefined where none fits, and then
 * there is no MD5 either.
 */
export function pickAttributes(attributes: MessageAttributes, names: string[]): MessageAttributes | undefined {
  const picked = Object.entries(attributes).filter(([name]) =>
    names.some((wanted) => wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -1)))),
  )
  return picked.length === 0 ? undefined : Object.fromEntries(picked)
}

export const asksForAll = (names: string[]): boolean => names.includes('All') || names.includes('.*')
