import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { GroupQueues } from '../queues.ts'
import { inGroups, isHiddenAt } from '../visibility.ts'
import type { SqsMessage } from './settle.ts'

/**
 * Hides messages that are in flight for longer than half their visibility timeout for another whole one, so that a slow
 * handler is not overtaken by a second delivery. Never rejects: a message that could not be extended comes again, which
 * is what at least once allows. One whose time may have run out is left alone: the queue would hide it by an old receipt too, from
 * whoever has it by now.
 */
export async function extendVisibility(
  deps: { sqs: SQSClient; now: () => number },
  queues: GroupQueues,
  seconds: number,
  inHand: Iterable<SqsMessage>,
): Promise<void> {
  const startedAt = deps.now()
  const due = [...inHand].filter((taken) => {
    const isHeld = isHiddenAt(taken, seconds, startedAt)
    return !taken.settling && isHeld && !isHiddenAt(taken, seconds / 2, startedAt)
  })
  await Promise.allSettled(
    inGroups(due).map(async (group) => {
      const Entries = group.map((taken, index) => ({
        Id: String(index),
        ReceiptHandle: taken.receipt,
        VisibilityTimeout: seconds,
      }))
      const answer = await deps.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queues.url, Entries }))
      const answeredAt = deps.now()
      for (const { Id } of answer.Successful ?? []) {
        const taken = group[Number(Id)]
        if (taken && isHiddenAt(taken, seconds, answeredAt)) taken.hiddenSince = startedAt
      }
    }),
  )
}
