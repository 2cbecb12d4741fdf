import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { ActionServices } from './actions/action.ts'
import { snsActions } from './actions/sns/actions.ts'
import { sqsActions } from './actions/sqs/actions.ts'
import type { FormNode } from './protocol/form.ts'
import { defaultRegion, queueArn, topicArn } from './semantics/names.ts'

/** Attributes may be written as numbers and booleans. */
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({})

/** What exists at the start: queues, topics and who is subscribed to them. */
const initFile = z.strictObject({
  region: z.string().min(1).default(defaultRegion),
  queues: z
    .record(
      z.string(),
      z
        .strictObject({
          attributes,
          tags: attributes,
          /** Where messages go that were received `after` times without being deleted. */
          deadLetters: z.strictObject({ queue: z.string(), after: z.number().int().min(1).max(1000) }).optional(),
        })
        .nullable(),
    )
    .default({}),
  topics: z
    .record(
      z.string(),
      z
        .strictObject({
          attributes,
          tags: attributes,
          subscriptions: z
            .array(
              z.strictObject({
                /** Name of a queue, or an endpoint with its protocol. */
                queue: z.string().optional(),
                protocol: z.string().optional(),
                endpoint: z.string().optional(),
                raw: z.boolean().default(false),
                filter: z.record(z.string(), z.unknown()).optional(),
                filterScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
                attributes,
              }),
            )
            .default([]),
        })
        .nullable(),
    )
    .default({}),
})
export type InitFile = z.infer<typeof initFile>

/** Reads a start file, YAML or JSON. Throws an Error whose text says everything that is wrong with it. */
export function readInitFile(path: string): InitFile {
  const document = parseDocument(readFileSync(path, 'utf8'))
  if (document.errors.length > 0)
    throw new Error(`${path}: ${document.errors.map(({ message }) => message).join('\n')}`)
  const parsed = initFile.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {})
  if (!parsed.success) throw new Error(`${path} is not valid\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** Makes what the file says. What is there already stays as it is, and is refused if it differs, as AWS does. */
export async function applyInit(file: InitFile, services: ActionServices, account: string): Promise<void> {
  const { region } = file
  const call = {
    ...{ host: 'localhost', account, region, service: '', path: '/', secure: false, trace: '', plain: false },
    client: { gone: false, onGone: () => () => {} },
    drop: () => {},
  }
  const run = async (what: string, done: Promise<unknown> | undefined) => {
    await done?.catch((error: Error) => {
      throw new Error(`${what} of the start file could not be made: ${error.message}`, { cause: error })
    })
  }
  // A dead-letter queue comes before those that give up to it.
  const queues = Object.entries(file.queues).sort(([, a], [, b]) => Number(!!a?.deadLetters) - Number(!!b?.deadLetters))
  for (const [QueueName, settings] of queues) {
    const { attributes: own = {}, tags = {}, deadLetters } = settings ?? {}
    const Attributes = {
      ...own,
      ...(QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {}),
      ...(deadLetters === undefined ? {} : { RedrivePolicy: redrivePolicy(region, account, deadLetters) }),
    }
    await run(
      `the queue ${QueueName}`,
      sqsActions.get('CreateQueue')?.({ QueueName, Attributes, tags }, services, call),
    )
  }
  for (const [Name, settings] of Object.entries(file.topics)) {
    const { attributes: own = {}, tags = {}, subscriptions = [] } = settings ?? {}
    const fifo: Record<string, string> = Name.endsWith('.fifo') ? { FifoTopic: 'true' } : {}
    const input = { Name, Attributes: mapNode({ ...own, ...fifo }), Tags: tagsNode(tags) }
    await run(`the topic ${Name}`, snsActions.get('CreateTopic')?.(input, services, call))
    for (const one of subscriptions) {
      const Endpoint = one.queue === undefined ? (one.endpoint ?? '') : queueArn(region, account, one.queue)
      const Attributes = mapNode({
        ...one.attributes,
        ...(one.raw ? { RawMessageDelivery: 'true' } : {}),
        ...(one.filter === undefined ? {} : { FilterPolicy: JSON.stringify(one.filter) }),
        ...(one.filterScope === undefined ? {} : { FilterPolicyScope: one.filterScope }),
      })
      const Protocol = one.queue === undefined ? (one.protocol ?? '') : 'sqs'
      const TopicArn = topicArn(region, account, Name)
      const wanted = { TopicArn, Protocol, Endpoint, Attributes }
      await run(`a subscription to ${Name}`, snsActions.get('Subscribe')?.(wanted, services, call))
    }
  }
}

const redrivePolicy = (region: string, account: string, { queue, after }: { queue: string; after: number }): string =>
  JSON.stringify({ deadLetterTargetArn: queueArn(region, account, queue), maxReceiveCount: after })

/** A map and a list of tags as a form has them. */
const mapNode = (map: Record<string, string>): FormNode => ({
  entry: Object.fromEntries(Object.entries(map).map(([key, value], index) => [String(index + 1), { key, value }])),
})
const tagsNode = (tags: Record<string, string>): FormNode => ({
  member: Object.fromEntries(Object.entries(tags).map(([Key, Value], index) => [String(index + 1), { Key, Value }])),
})
