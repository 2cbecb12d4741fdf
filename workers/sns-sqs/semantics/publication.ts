import { AwsError } from '../protocol/aws-error.ts'
import { checkFifoId, contentDeduplicationId } from './fifo.ts'
import { snsLimits } from './limits.ts'
import { checkAttributes, digestAttributes, type MessageAttributes } from './message-attributes.ts'
import { checkMessageText } from './message-text.ts'

/** What is published, checked. */
export interface Publication {
  messageId: string
  /** As it was published. */
  message: string
  /** Whether that is one text per protocol. */
  structured: boolean
  /** The text for a protocol. */
  textFor: (protocol: string) => string
  subject: string | undefined
  attributes: MessageAttributes
  md5OfAttributes: string
  /** Message and attributes, as the limit counts them. */
  bytes: number
  groupId: string
  /** Of a FIFO topic; else empty. */
  deduplicationId: string
}

/** What a request says, before it is looked at. */
export interface GivenPublication {
  message: string
  structure: string | undefined
  subject: string | undefined
  attributes: MessageAttributes
  groupId: string | undefined
  deduplicationId: string | undefined
}

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

/** A reason that fails a whole batch, not its entry only. */
export class WholeRequestError extends AwsError {}

const wholly = (reason: string): AwsError => new WholeRequestError('InvalidParameter', `Invalid parameter: ${reason}`)

/** Checks a publication as AWS does. `topic` is undefined for a phone or a device. */
export function checkedPublication(
  given: GivenPublication,
  topic: { fifo: boolean; byContent: boolean } | undefined,
  messageId: string,
): Publication {
  const { message, structure, subject, attributes } = given
  if (message === '') throw invalid('Empty message')
  if (structure !== undefined && structure !== '' && structure !== 'json') throw invalid('MessageStructure')
  const structured = structure === 'json'
  const textFor = textsOf(message, structured)
  try {
    checkMessageText(message)
  } catch (error) {
    throw invalid(`Message Reason: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (subject !== undefined && !isSubject(subject)) throw invalid('Subject')
  checkAttributes(attributes, 'ParameterValueInvalid')
  const { md5, bytes } = digestAttributes(attributes)
  return {
    messageId,
    message,
    structured,
    textFor,
    subject,
    attributes,
    md5OfAttributes: md5,
    bytes: Buffer.byteLength(message) + bytes,
    ...fifoIds(given, topic),
  }
}

function textsOf(message: string, structured: boolean): (protocol: string) => string {
  const texts = structured ? textsByProtocol(message) : undefined
  const fallback = texts?.get('default') ?? message
  return (protocol) => texts?.get(protocol) ?? fallback
}

/** A publication that was checked before and kept as what it said. */
export function restoredPublication(
  kept: Pick<Publication, 'messageId' | 'message' | 'structured' | 'attributes' | 'groupId' | 'deduplicationId'> & {
    subject?: string
  },
): Publication {
  const { md5, bytes } = digestAttributes(kept.attributes)
  return {
    ...kept,
    subject: kept.subject,
    textFor: textsOf(kept.message, kept.structured),
    md5OfAttributes: md5,
    bytes: Buffer.byteLength(kept.message) + bytes,
  }
}

/** 1 to 100 characters, none of them a control character, not beginning with a blank. */
const isSubject = (text: string): boolean =>
  text.length >= 1 && text.length <= snsLimits.subjectCharacters && !/[\p{Cc}]/u.test(text) && !/^\s/.test(text)

/** `MessageStructure=json`: one text per protocol, `default` for those that are not named. */
function textsByProtocol(given: string): Map<string, string> {
  let texts: unknown
  try {
    texts = JSON.parse(given)
  } catch {
    throw wholly('Message Structure - JSON message body failed to parse')
  }
  const found = new Map<string, string>()
  for (const [protocol, text] of Object.entries(Object(texts))) if (typeof text === 'string') found.set(protocol, text)
  if (!found.has('default')) throw wholly('Message Structure - No default entry in JSON message body')
  return found
}

function fifoIds(
  { groupId, deduplicationId, message }: GivenPublication,
  topic: { fifo: boolean; byContent: boolean } | undefined,
): Pick<Publication, 'groupId' | 'deduplicationId'> {
  try {
    if (groupId !== undefined) checkFifoId('MessageGroupId', groupId)
    if (deduplicationId !== undefined) checkFifoId('MessageDeduplicationId', deduplicationId)
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error))
  }
  if (topic?.fifo !== true) {
    if (deduplicationId !== undefined) {
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      )
    }
    return { groupId: groupId ?? '', deduplicationId: '' }
  }
  if (groupId === undefined) throw wholly('The MessageGroupId parameter is required for FIFO topics')
  if (deduplicationId === undefined && !topic.byContent) {
    throw wholly(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  }
  return { groupId, deduplicationId: deduplicationId ?? contentDeduplicationId(message) }
}
