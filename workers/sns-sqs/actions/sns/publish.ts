import { AwsError } from '../../protocol/aws-error.ts'
import type { FormNode } from '../../protocol/form.ts'
import { entries, members, optionalText, structure, text } from '../../protocol/sns-fields.ts'
import { checkBatchIds, type FailedEntry, failedEntry } from '../../semantics/batch-entries.ts'
import { topicSequenceNumber } from '../../semantics/fifo.ts'
import { snsLimits } from '../../semantics/limits.ts'
import type { MessageAttribute, MessageAttributes } from '../../semantics/message-attributes.ts'
import { isFifoName } from '../../semantics/names.ts'
import { checkedPublication, type Publication, WholeRequestError } from '../../semantics/publication.ts'
import type { TopicDefinition } from '../../stores/queue-store.ts'
import type { ActionServices } from '../action.ts'
import { publishDirectly } from './direct.ts'
import { fanOut } from './fan-out.ts'
import type { Repeated } from './repeated.ts'
import { arnIn, invalidParameter, type SnsAction, topicIn } from './sns-action.ts'

const publish: SnsAction = async (input, services, call) => {
  const target = optionalText(input, 'TopicArn') ?? optionalText(input, 'TargetArn')
  if (input.PhoneNumber !== undefined || target?.includes(':endpoint/') === true) {
    return publishDirectly(input, () => publicationOf(input, undefined, services.newId()), services)
  }
  const topic = await topicNamed(services, target ?? '')
  const publication = publicationOf(input, topic, services.newId())
  refuseTooLong(publication.bytes)
  const sequence = sequenceOf(topic, services)
  const repeated = await fanOut([{ publication, sequenceNumber: sequence }], topic.arn, services, call)
  return answerOf(publication, sequence, repeated)
}

const publishBatch: SnsAction = async (input, services, call) => {
  const topic = await topicNamed(services, arnIn(input, 'TopicArn'))
  const requests = members(input, 'PublishBatchRequestEntries')
  const ids = requests.map((entry) => optionalText(entry, 'Id') ?? '')
  checkBatchIds('PublishBatch', ids)
  if (isFifoName(topic.arn) && requests.some((entry) => optionalText(entry, 'MessageGroupId') === undefined)) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics')
  }
  const good: { id: string; publication: Publication; sequenceNumber: string | undefined }[] = []
  const failed: FailedEntry[] = []
  let bytes = 0
  requests.forEach((entry, index) => {
    const id = ids[index] ?? ''
    try {
      const publication = publicationOf(
        entry,
        topic,
        services.newId(),
        `publishBatchRequestEntries.${index + 1}.member.`,
      )
      bytes += publication.bytes
      good.push({ id, publication, sequenceNumber: sequenceOf(topic, services) })
    } catch (error) {
      // AWS refuses a batch whole for attributes, structures and ids that are wrong, and fails an entry for anything else.
      if (!(error instanceof AwsError) || error.code !== 'InvalidParameter') throw error
      if (error instanceof WholeRequestError) throw error
      failed.push(failedEntry(id, error))
    }
  })
  if (bytes > snsLimits.messageBytes) {
    throw new AwsError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.')
  }
  const repeated = await fanOut(good, topic.arn, services, call)
  return {
    Successful: good.map(({ id, publication, sequenceNumber }) => ({
      Id: id,
      ...answerOf(publication, sequenceNumber, repeated),
    })),
    Failed: failed.map((entry) => ({ ...entry })),
  }
}

/** What repeats an earlier publication of a FIFO topic is answered as that one was. */
const answerOf = (
  publication: Publication,
  sequenceNumber: string | undefined,
  repeated: ReadonlyMap<Publication, Repeated>,
) => {
  const first = repeated.get(publication)
  return {
    MessageId: first?.messageId ?? publication.messageId,
    SequenceNumber: first?.sequenceNumber ?? sequenceNumber,
  }
}

const sequenceOf = ({ arn }: TopicDefinition, { clock }: ActionServices): string | undefined =>
  isFifoName(arn) ? topicSequenceNumber(clock.now()) : undefined

/** A topic that this process does not know yet may have been declared by another. */
async function topicNamed({ store }: ActionServices, arn: string): Promise<TopicDefinition> {
  const known = await store.knownDeclarations()
  return topicIn(known.topics.has(arn) ? known : await store.declarations(), arn)
}

function refuseTooLong(bytes: number): void {
  if (bytes > snsLimits.messageBytes) throw invalidParameter('Message too long')
}

/** `place`: where the node is in the request, as AWS's validation spells it. */
function publicationOf(node: FormNode, topic: TopicDefinition | undefined, messageId: string, place = ''): Publication {
  const given = {
    message: optionalText(node, 'Message') ?? '',
    structure: optionalText(node, 'MessageStructure'),
    subject: optionalText(node, 'Subject'),
    attributes: attributesOf(node, place),
    groupId: optionalText(node, 'MessageGroupId'),
    deduplicationId: optionalText(node, 'MessageDeduplicationId'),
  }
  const kind =
    topic === undefined
      ? undefined
      : { fifo: isFifoName(topic.arn), byContent: topic.attributes.ContentBasedDeduplication === 'true' }
  return checkedPublication(given, kind, messageId)
}

function attributesOf(node: FormNode, place: string): MessageAttributes {
  const attributes: MessageAttributes = {}
  for (const entry of entries(node, 'MessageAttributes')) {
    const name = text(entry, 'Name')
    const value = structure(entry, 'Value')
    const StringValue = optionalText(value, 'StringValue')
    const BinaryValue = optionalText(value, 'BinaryValue')
    const type = optionalText(value, 'DataType')
    if (type === undefined) {
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value null at '${place}messageAttributes.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
      )
    }
    const attribute: MessageAttribute = { DataType: type }
    if (StringValue !== undefined) attribute.StringValue = StringValue
    if (BinaryValue !== undefined) attribute.BinaryValue = BinaryValue
    Object.defineProperty(attributes, name, { value: attribute, enumerable: true, writable: true, configurable: true })
  }
  return attributes
}

export const snsPublishActions: Record<string, SnsAction> = { Publish: publish, PublishBatch: publishBatch }
