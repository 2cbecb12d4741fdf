import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { GroupQueues } from './queues.ts'
import type { Taken } from './settle.ts'
import { inGroups } from './visibility.ts'

/**
 * Hides messages that are in hand for longer than half their visibility timeout for another whole one, so that a slow
 * handler is not overtaken by a second delivery. Never rejects: a message that could not be extended comes again, which
 * is what at least once allows.
 */
export async function extendVisibility(
  deps: { sqs: SQSClient; now: () => number },
  queues: GroupQueues,
  seconds: number,
  inHand: Iterable<Taken>,
): Promise<void> {
  const startedAt = deps.now()
  const due = [...inHand].filter((taken) => !taken.settling && startedAt - taken.hiddenSince > seconds * 500)
  await Promise.allSettled(
    inGroups(due).map(async (group) => {
      const Entries = group.map((taken, index) => ({
        Id: String(index),
        ReceiptHandle: taken.receipt,
        VisibilityTimeout: seconds,
      }))
      const answer = await deps.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queues.url, Entries }))
      for (const { Id } of answer.Successful ?? []) {
        const taken = group[Number(Id)]
        if (taken) taken.hiddenSince = startedAt
      }
    }),
  )
}
