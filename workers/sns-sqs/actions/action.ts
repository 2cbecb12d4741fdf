import type { Logger } from 'pino'
import type { Client, LongPoll } from '../long-poll.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Input } from '../protocol/fields.ts'
import { queueNameOfUrl } from '../semantics/names.ts'
import type { QueueDefinition, QueueStore } from '../stores/queue-store.ts'

/** What every action works with: the same for all requests. */
export interface Services {
  store: QueueStore
  longPoll: LongPoll
  log: Logger
  /** Epoch milliseconds. */
  clock: () => number
  /** A new UUID. */
  newId: () => string
}

/** What is known of one request beside its input. */
export interface Call {
  /** The Host header, for URLs in the answer. */
  host: string
  /** The region that it was signed for. */
  region: string
  /** The path, which names the queue in the Query protocol. */
  path: string
  client: Client
}

/** Answers with the output's fields; throws `AwsError`. */
export type Action = (input: Input, services: Services, call: Call) => Promise<Record<string, unknown>>

/** The queue that a request means by its `QueueUrl`; only the path counts, whatever the host. */
export async function queueOf(input: Input, { store }: Services, call: Call): Promise<QueueDefinition> {
  const url = input.QueueUrl ?? call.path
  const name = typeof url === 'string' ? queueNameOfUrl(url) : undefined
  if (name === undefined)
    throw new AwsError('InvalidAddress', `The address ${String(url)} is not valid for this endpoint.`)
  const queue = (await store.knownDeclarations()).queues.get(name) ?? (await store.declarations()).queues.get(name)
  if (queue === undefined) throw noSuchQueue()
  return queue
}

export const noSuchQueue = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
