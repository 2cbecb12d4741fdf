import type { Logger } from 'pino'
import type { SimulatorClock } from '../clock.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Signer } from '../delivery/signer.ts'
import type { FaultBook } from '../faults/fault-book.ts'
import type { Client, LongPoll } from '../long-poll.ts'
import type { MoveTasks } from '../move-tasks.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Input } from '../protocol/fields.ts'
import { arnOfRef, queueRefOf } from '../semantics/names.ts'
import type { QueueDefinition, QueueStore } from '../stores/queue-store.ts'
import type { FifoThroughput } from './sqs/fifo-throughput.ts'

/** What every action works with: the same for all requests. */
export interface ActionServices {
  store: QueueStore
  longPoll: LongPoll
  log: Logger
  clock: SimulatorClock
  /** A new UUID. */
  newId: () => string
  faults: FaultBook
  moveTasks: MoveTasks
  deliveries: Deliveries
  signer: Signer
  /** Absent: FIFO queues take as much as comes. */
  fifoThroughput?: FifoThroughput
  /** For how long the name of a deleted queue cannot be used again, in milliseconds. */
  recreateAfterMs: number
}

/** What is known of one request beside its input. */
export interface Call {
  /** The Host header, for URLs in the answer. */
  host: string
  /** The account and region that it was signed for. */
  account: string
  region: string
  /** The service of its credential scope; empty if it has none. */
  service: string
  /** The path, which names the queue in the Query protocol. */
  path: string
  client: Client
  /** Ends the connection without an answer. */
  drop: () => void
  /** The `X-Amzn-Trace-Id` header, which messages carry on; empty if there is none. */
  trace: string
  /** Came by TLS. */
  secure: boolean
  /** Its texts are ASCII and have nothing that JSON escapes. */
  plain: boolean
}

/** Answers with the output's fields; throws `AwsError`. */
export type Action = (input: Input, services: ActionServices, call: Call) => Promise<Record<string, unknown>>

/** The queue that a request means by its `QueueUrl`; the host counts only if it names a region. */
export async function queueOf(input: Input, { store }: ActionServices, call: Call): Promise<QueueDefinition> {
  const url = input.QueueUrl ?? call.path
  const ref = typeof url === 'string' ? queueRefOf(url) : undefined
  if (ref === undefined) {
    if (input.QueueUrl === undefined || input.QueueUrl === '') throw noSuchQueue()
    throw new AwsError('InvalidAddress', `The address ${String(url)} is not valid for this endpoint.`)
  }
  const key = arnOfRef(ref, call.account, call.region)
  const queue = (await store.knownDeclarations()).queues.get(key) ?? (await store.declarations()).queues.get(key)
  if (queue === undefined) throw noSuchQueue()
  return queue
}

export const noSuchQueue = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
