import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { Confirmation, Delivery, Settlement } from '../../../broker.ts'
import { worthRetrying } from '../aws-error.ts'
import { deadLetterAttributes } from '../dead-letter-attributes.ts'
import type { GroupQueues } from '../queues.ts'
import { inGroups, isHiddenAt, visibilitySeconds } from '../visibility.ts'

/** A message in flight: what the port sees, and the receipt that settles it. */
export interface SqsMessage {
  delivery: Delivery
  receipt: string
  /** As the queue has them, with their types. */
  attributes: Record<string, MessageAttributeValue>
  /** Epoch milliseconds: its visibility timeout runs from then or later. */
  hiddenSince: number
  /** No heartbeat may touch it any more: its fate is on the way to the queue. */
  settling: boolean
}

export interface SettleDeps {
  sqs: SQSClient
  /** Seconds that a taken message stays hidden; extended while it is in flight. */
  visibilitySeconds: number
  now: () => number
  random: () => number
  /** Resolves after `ms`, or as soon as the signal aborts. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** What SQS says of each entry of a batch. */
interface BatchResult {
  Successful?: { Id?: string | undefined }[] | undefined
  Failed?: { Id?: string | undefined; Code?: string | undefined }[] | undefined
}

/** The receipt is not valid any more: its time ran out and another has the message, or it is gone. */
const isFencing = (code: string | undefined): boolean =>
  /(ReceiptHandleIsInvalid|MessageNotInflight|InvalidParameterValue)$/.test(code ?? '')

/** Sum of bytes that a batch of dead letters may have; SQS takes 1,048,576 with attributes. */
const deadLetterBatchBytes = 900_000
const tries = 4

/**
 * Tells the queue what became of each message. The answer says per message whether the queue confirmed or refused it; what it did
 * not confirm comes again when its visibility runs out. The visibility of a message that may not be hidden any more is left alone, for the
 * queue would change it by an old receipt too, under whoever has it by now; and a retry is confirmed only if the message was still hidden
 * when the queue had answered. All requests are safe to repeat, so each is tried four times over
 * about a second; a dead letter may thereby be there twice, and a message given back twice.
 */
export async function settle(
  deps: SettleDeps,
  queues: GroupQueues,
  taken: readonly SqsMessage[],
  settlements: readonly Settlement[],
): Promise<Confirmation[]> {
  const confirmed: Confirmation[] = taken.map(() => false)
  const remove: number[] = []
  const hide: { index: number; seconds: number }[] = []
  const bury: { index: number; death: Extract<Settlement, { kind: 'dead-letter' }> }[] = []
  for (const [index, settlement] of settlements.entries()) {
    if (settlement.kind === 'ack') remove.push(index)
    else if (settlement.kind === 'retry') hide.push({ index, seconds: visibilitySeconds(settlement.delayMs) })
    else if (settlement.kind === 'release') hide.push({ index, seconds: 0 })
    else if (settlement.kind === 'dead-letter') bury.push({ index, death: settlement })
  }
  const receiptOf = (index: number) => ({ Id: String(index), ReceiptHandle: taken[index]?.receipt ?? '' })
  const isHeld = (index: number, at: number): boolean => {
    const message = taken[index]
    return message !== undefined && isHiddenAt(message, deps.visibilitySeconds, at)
  }
  const take = (answer: BatchResult | undefined, counts: (index: number) => boolean = () => true): void => {
    for (const { Id } of answer?.Successful ?? []) confirmed[Number(Id)] = counts(Number(Id))
    for (const { Id, Code } of answer?.Failed ?? []) if (isFencing(Code)) confirmed[Number(Id)] = 'fenced'
  }

  const removing = (indexes: number[]) =>
    inGroups(indexes).map(async (group) => {
      const command = new DeleteMessageBatchCommand({ QueueUrl: queues.url, Entries: group.map(receiptOf) })
      take(await insist(deps, () => deps.sqs.send(command)))
    })
  const hiding = inGroups(hide).map(async (group) => {
    const answer = await insist(deps, async () => {
      const held = group.filter(({ index }) => isHeld(index, deps.now()))
      const Entries = held.map(({ index, seconds }) => ({ ...receiptOf(index), VisibilityTimeout: seconds }))
      if (Entries.length === 0) return undefined
      return await deps.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queues.url, Entries }))
    })
    const answeredAt = deps.now()
    take(answer, (index) => settlements[index]?.kind !== 'retry' || isHeld(index, answeredAt))
  })
  const burying = inBytes(
    bury.flatMap(({ index, death }) => {
      const { delivery, attributes } = taken[index] ?? {}
      if (delivery === undefined) return []
      const MessageAttributes = deadLetterAttributes(delivery, attributes ?? {}, death, deps.now())
      return [{ Id: String(index), MessageBody: delivery.raw, MessageAttributes }]
    }),
  ).map(async (Entries) => {
    const command = new SendMessageBatchCommand({ QueueUrl: queues.deadLetterUrl, Entries })
    const answer = await insist(deps, () => deps.sqs.send(command))
    // Only what is among the dead letters may leave the queue.
    const stored = (answer?.Successful ?? []).map((entry) => Number(entry.Id))
    await Promise.all(removing(stored))
  })
  await Promise.all([...removing(remove), ...hiding, ...burying])
  return confirmed
}

/** Repeats a request that may succeed later; undefined when it did not. The poll loop speaks of the trouble. */
async function insist<Answer>(deps: SettleDeps, request: () => Promise<Answer>): Promise<Answer | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request()
    } catch (error) {
      if (attempt === tries || !worthRetrying(error)) return undefined
      await deps.sleep(deps.random() * 100 * 3 ** attempt)
    }
  }
}

function inBytes(entries: SendMessageBatchRequestEntry[]): SendMessageBatchRequestEntry[][] {
  const batches: SendMessageBatchRequestEntry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody ?? '') + Buffer.byteLength(JSON.stringify(entry.MessageAttributes))
    const last = batches.at(-1)
    if (last && last.length < 10 && bytes + size <= deadLetterBatchBytes) {
      last.push(entry)
      bytes += size
    } else {
      batches.push([entry])
      bytes = size
    }
  }
  return batches
}
