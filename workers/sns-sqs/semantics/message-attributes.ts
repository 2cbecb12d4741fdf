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

/** Checks the attributes of one message as AWS does; returns their size in bytes: names, types and values. */
export function checkAttributes(attributes: MessageAttributes, code: string): number {
  const names = Object.keys(attributes)
  if (names.length > sqsLimits.messageAttributes) {
    throw new AwsError(code, `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`)
  }
  let bytes = 0
  for (const name of names) {
    const attribute = attributes[name]
    if (attribute === undefined) continue
    if (!isAttributeName(name)) throw new AwsError(code, `The message attribute name '${name}' is invalid.`)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(name, attribute, code)
  }
  return bytes
}

const isAttributeName = (name: string): boolean =>
  /^[A-Za-z0-9_.-]{1,256}$/.test(name) && !/^(aws|amazon)\.|^\.|\.$|\.\./i.test(name)

function valueBytes(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute, code: string): number {
  const base = /^(String|Number|Binary)(\..+)?$/.exec(DataType)?.[1]
  if (base === undefined || DataType.length > 256) {
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
  return base === 'Binary' ? Buffer.byteLength(value, 'base64') : Buffer.byteLength(value)
}

let scratch = Buffer.allocUnsafe(16_384)

/**
 * The MD5 that the SDKs check: names sorted; per attribute the name and the full data type, each with a 4-byte length,
 * one byte that is 1 for text and 2 for binary, and the value with its length.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  let length = 0
  const put = (text: string, encoding: 'utf8' | 'base64') => {
    const room = length + 5 + text.length * 3
    if (room > scratch.length) {
      const grown = Buffer.allocUnsafe(room * 2)
      scratch.copy(grown, 0, 0, length)
      scratch = grown
    }
    const written = scratch.write(text, length + 4, encoding)
    scratch.writeUInt32BE(written, length)
    length += 4 + written
  }
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name]
    if (attribute === undefined) continue
    const binary = attribute.DataType.startsWith('Binary')
    put(name, 'utf8')
    put(attribute.DataType, 'utf8')
    scratch[length++] = binary ? 2 : 1
    put((binary ? attribute.BinaryValue : attribute.StringValue) ?? '', binary ? 'base64' : 'utf8')
  }
  const digest = hash('md5', scratch.subarray(0, length), 'hex')
  if (scratch.length > 65_536) scratch = Buffer.allocUnsafe(16_384)
  return digest
}

/**
 * The attributes that a receiver asked for: `All`, `.*`, a name, or `prefix.*`. Undefined where none fits, and then
 * there is no MD5 either.
 */
export function pickAttributes(attributes: MessageAttributes, names: string[]): MessageAttributes | undefined {
  const picked = Object.keys(attributes).filter((name) =>
    names.some((wanted) => wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -1)))),
  )
  if (picked.length === 0) return undefined
  return Object.fromEntries(picked.map((name) => [name, attributes[name] as MessageAttribute]))
}

export const asksForAll = (names: string[]): boolean => names.includes('All') || names.includes('.*')
