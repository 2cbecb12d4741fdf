import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns'
import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import type { QueueDetails } from '#contracts/api/queues/queues.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { attributeFields, awsProblem } from './aws-refusal.ts'
import { namedIn, type QueuePlace, queueUrlOf } from './queue-place.ts'

/** Attributes and tags of a queue, a topic or a subscription, by calls that change nothing. */
export async function readDetails(place: QueuePlace, arn: string): Promise<QueueDetails> {
  const { kind } = namedIn(arn, 'queue', 'topic', 'subscription')
  const { sqs, sns } = place.clients.of(arn)
  try {
    if (kind === 'subscription') {
      const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))
      return { arn, attributes: texts(Attributes), tags: {} }
    }
    if (kind === 'topic') {
      const [{ Attributes }, { Tags = [] }] = await Promise.all([
        sns.send(new GetTopicAttributesCommand({ TopicArn: arn })),
        sns.send(new ListTagsForResourceCommand({ ResourceArn: arn })),
      ])
      return { arn, attributes: texts(Attributes), tags: Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])) }
    }
    const QueueUrl = await queueUrlOf(place, arn)
    const [{ Attributes }, { Tags = {} }] = await Promise.all([
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
      sqs.send(new ListQueueTagsCommand({ QueueUrl })),
    ])
    return { arn, attributes: texts(Attributes), tags: Tags }
  } catch (error) {
    throw awsProblem(error, place.at)
  }
}

const texts = (attributes: Partial<Record<string, string>> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes ?? {}).map(([name, value]) => [name, value ?? '']))

/** Sets attributes: those of a queue all or none; of the others one after another, as their calls take one at a time. */
export async function setAttributes(place: QueuePlace, arn: string, attributes: Record<string, string>): Promise<void> {
  const { kind } = namedIn(arn, 'queue', 'topic', 'subscription')
  const { sqs, sns } = place.clients.of(arn)
  if (kind === 'queue') {
    const QueueUrl = await queueUrlOf(place, arn)
    const command = new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes })
    await sqs.send(command).catch((error: unknown) => {
      throw awsProblem(error, place.at, attributeFields(Object.keys(attributes)))
    })
    return
  }
  for (const [AttributeName, AttributeValue] of inOrder(attributes)) {
    const work =
      kind === 'topic'
        ? sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }))
        : sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName, AttributeValue }))
    await work.catch((error: unknown) => {
      throw awsProblem(error, place.at, { [AttributeName]: jsonPointer(['attributes', AttributeName]) })
    })
  }
}

/** A scope first: a policy is judged by the scope that holds. */
const inOrder = (attributes: Record<string, string>): [string, string][] =>
  Object.entries(attributes).sort(([a], [b]) => Number(b === 'FilterPolicyScope') - Number(a === 'FilterPolicyScope'))

/** Gives a queue or a topic these tags and no others. */
export async function setTags(place: QueuePlace, arn: string, tags: Record<string, string>): Promise<void> {
  const { kind } = namedIn(arn, 'queue', 'topic')
  const { sqs, sns } = place.clients.of(arn)
  const before = await readDetails(place, arn)
  const gone = Object.keys(before.tags).filter((key) => !Object.hasOwn(tags, key))
  const some = Object.keys(tags).length > 0
  try {
    if (kind === 'queue') {
      const QueueUrl = await queueUrlOf(place, arn)
      if (gone.length > 0) await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: gone }))
      if (some) await sqs.send(new TagQueueCommand({ QueueUrl, Tags: tags }))
      return
    }
    if (gone.length > 0) await sns.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: gone }))
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    if (some) await sns.send(new TagResourceCommand({ ResourceArn: arn, Tags }))
  } catch (error) {
    throw awsProblem(error, place.at, { Tag: '/tags' })
  }
}
