import { AwsError } from './aws-error.ts'
import type { Input } from './fields.ts'
import type { FormNode } from './form.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { Reply } from './reply.ts'
import { escapeXml } from './xml.ts'

/** The Query protocol of SQS: lists and maps are flat (`Entry.1.Id`, `Attribute.1.Name`), answers XML without wrappers. */

const namespace = 'http://queue.amazonaws.com/doc/2012-11-05/'

/** What lists are called in a form, by the name that the JSON protocol has. */
const lists: Record<string, string[]> = {
  AttributeNames: ['AttributeName'],
  MessageAttributeNames: ['MessageAttributeName'],
  MessageSystemAttributeNames: ['MessageSystemAttributeName'],
  AWSAccountIds: ['AWSAccountId'],
  Actions: ['ActionName'],
  TagKeys: ['TagKey'],
  Entries: [
    'SendMessageBatchRequestEntry',
    'DeleteMessageBatchRequestEntry',
    'ChangeMessageVisibilityBatchRequestEntry',
  ],
}
/** The same of maps, with what key and value are called. */
const maps: Record<string, [form: string, key: string]> = {
  Attributes: ['Attribute', 'Name'],
  MessageAttributes: ['MessageAttribute', 'Name'],
  MessageSystemAttributes: ['MessageSystemAttribute', 'Name'],
  Tags: ['Tag', 'Key'],
}

/** The input of an action as the JSON protocol would have it. Texts stay texts. */
export function inputOfForm(form: FormNode): Input {
  const input: Input = {}
  const consumed = new Set(['Action', 'Version'])
  for (const [name, spellings] of Object.entries(lists)) {
    for (const spelling of spellings) {
      const node = form[spelling]
      if (node === undefined) continue
      consumed.add(spelling)
      input[name] = elements(node).map((one) => (typeof one === 'object' ? inputOfForm(one) : one))
    }
  }
  // The newer name counts only if the older one is not given; in JSON both count.
  if (input.AttributeNames !== undefined) delete input.MessageSystemAttributeNames
  for (const [name, [spelling, key]] of Object.entries(maps)) {
    const node = form[spelling]
    if (node === undefined) continue
    consumed.add(spelling)
    const map: Record<string, unknown> = Object.create(null)
    for (const one of elements(node)) {
      if (typeof one === 'string' || typeof one[key] !== 'string')
        throw malformed(`${spelling} must have ${key} and Value`)
      const { Value = '' } = one
      map[one[key]] = Value
    }
    input[name] = map
    if (name === 'Tags') input.tags = map
  }
  for (const [name, value] of Object.entries(form)) if (!consumed.has(name) && !(name in input)) input[name] = value
  return input
}

/** `Name.1`, `Name.2` in the order of their numbers; a single element may go without one. */
function elements(node: FormNode | string): (FormNode | string)[] {
  if (typeof node === 'string') return [node]
  const names = Object.keys(node)
  if (names.some((name) => !/^\d+$/.test(name))) return [node]
  return names
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => node[name])
    .filter((one) => one !== undefined)
}

const malformed = (reason: string): AwsError => new AwsError('SerializationException', reason)

/** What the answer's elements are called if it is not the name of the output's field. */
const entryNames: Record<string, string> = {
  SendMessageBatch: 'SendMessageBatchResultEntry',
  DeleteMessageBatch: 'DeleteMessageBatchResultEntry',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibilityBatchResultEntry',
}

/** An answer of SQS in XML. An action without output has no result element. */
export function sqsQueryReply(action: string, output: Record<string, unknown>, requestId: string): Reply {
  const inside = Object.entries(output)
    .map(([name, value]) => fieldXml(action, name, value))
    .join('')
  const empty = inside === '' ? `<${action}Result/>` : `<${action}Result>${inside}</${action}Result>`
  const result = withoutResult.has(action) ? '' : empty
  const text = `<?xml version="1.0"?><${action}Response xmlns="${namespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, contentType: 'text/xml', text, requestId }
}

const withoutResult = new Set([
  'AddPermission',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'DeleteQueue',
  'PurgeQueue',
  'RemovePermission',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
])

/** The Query protocol says it in other words than JSON. */
export const noSuchQueueText = 'The specified queue does not exist for this wsdl version.'

export function sqsQueryError(error: AwsError, requestId: string): Reply {
  const { fault, queryCode, status } = error
  const message = error.code === 'QueueDoesNotExist' ? noSuchQueueText : error.message
  const text = `<?xml version="1.0"?><ErrorResponse xmlns="${namespace}"><Error><Type>${fault}</Type><Code>${queryCode}</Code><Message>${escapeXml(message)}</Message><Detail/></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return { status, contentType: 'text/xml', text, requestId }
}

function fieldXml(action: string, name: string, value: unknown): string {
  if (value === undefined) return ''
  if (name === 'Messages') return (value as OutgoingMessage[]).map(messageXml).join('')
  if (name === 'Attributes') return pairsXml('Attribute', 'Name', value as Record<string, string>)
  if (name === 'Tags') return pairsXml('Tag', 'Key', value as Record<string, string>)
  if (name === 'QueueUrls' || name === 'queueUrls') return listXml('QueueUrl', value)
  if (name === 'Successful') return listXml(entryNames[action] ?? 'Entry', value)
  if (name === 'Failed') return listXml('BatchResultErrorEntry', value)
  if (name === 'Results') return listXml('ListMessageMoveTasksResultEntry', value)
  return elementXml(name, value)
}

const listXml = (name: string, value: unknown): string =>
  (value as unknown[]).map((one) => elementXml(name, one)).join('')

function elementXml(name: string, value: unknown): string {
  if (value === undefined) return ''
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([field, one]) => elementXml(field, one))
          .join('')
      : escapeXml(String(value))
  return `<${name}>${inside}</${name}>`
}

const pairsXml = (name: string, key: string, pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .map(([one, value]) => `<${name}><${key}>${escapeXml(one)}</${key}><Value>${escapeXml(value)}</Value></${name}>`)
    .join('')

function messageXml(message: OutgoingMessage): string {
  const { messageId, receiptHandle, md5OfBody, body, systemAttributes = {}, attributes, md5OfAttributes } = message
  const own: Record<string, object> = attributes === '' ? {} : JSON.parse(attributes)
  const attributesXml = Object.entries(own)
    .map(([name, value]) => elementXml('MessageAttribute', { Name: name, Value: value }))
    .join('')
  return (
    `<Message>${elementXml('MessageId', messageId)}${elementXml('ReceiptHandle', receiptHandle)}` +
    `${elementXml('MD5OfBody', md5OfBody)}${elementXml('Body', body)}${pairsXml('Attribute', 'Name', systemAttributes)}` +
    `${attributes === '' ? '' : elementXml('MD5OfMessageAttributes', md5OfAttributes)}${attributesXml}</Message>`
  )
}
