import { AwsError } from '../../protocol/aws-error.ts'
import { textMap, texts } from '../../protocol/fields.ts'
import { nameOfArn } from '../../semantics/names.ts'
import { checkTags } from '../../semantics/tags.ts'
import type { QueueDefinition } from '../../stores/queue-store.ts'
import { type Action, type ActionServices, noSuchQueue, queueOf } from '../action.ts'

const change = ({ store }: ActionServices, name: string, tagsOf: (queue: QueueDefinition) => Record<string, string>) =>
  store.declare(({ queues }) => {
    const queue = queues.get(name)
    if (queue === undefined) throw noSuchQueue()
    return { changes: [{ put: 'queue', queue: { ...queue, tags: tagsOf(queue) } }], result: undefined }
  })

const tagQueue: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const added = textMap(input, 'Tags')
  if (Object.keys(added).length === 0) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter Tags.')
  }
  await change(services, name, ({ tags }) => {
    const all = { ...tags, ...added }
    checkTags(all, 'SQS', nameOfArn(name))
    return all
  })
  return {}
}

const untagQueue: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const keys = texts(input, 'TagKeys')
  if (keys.length === 0)
    throw new AwsError('InvalidParameterValue', 'Tag keys must be between 1 and 128 characters in length.')
  await change(services, name, ({ tags }) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))),
  )
  return {}
}

const listQueueTags: Action = async (input, services, call) => {
  const { tags } = await queueOf(input, services, call)
  return Object.keys(tags).length === 0 ? {} : { Tags: tags }
}

export const sqsTagActions: Record<string, Action> = {
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  ListQueueTags: listQueueTags,
}
