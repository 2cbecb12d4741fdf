import { PublishBatchCommand, type PublishBatchCommandOutput, type SNSClient } from '@aws-sdk/client-sns'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { PublishOutcome } from '../../../broker.ts'
import { errorInfoOf, provablyNotSent, refusedForContent } from '../aws-error.ts'
import { createLimit } from '../limit.ts'
import { type AwsPlace, topicArn } from '../names.ts'
import { type Batch, publishBatches } from './publish-batches.ts'

/** Publishes envelopes in batches; at most `requestsInFlight` requests at a time, whoever calls. Never rejects. */
export function snsPublisher(
  sns: SNSClient,
  place: AwsPlace,
  requestsInFlight: number,
): (envelopes: Envelope[]) => Promise<PublishOutcome[]> {
  const limit = createLimit(requestsInFlight)

  async function send(batch: Batch, outcomes: PublishOutcome[]): Promise<void> {
    const command = new PublishBatchCommand({
      TopicArn: topicArn(place, batch.topic),
      PublishBatchRequestEntries: batch.entries.map((entry, position) => ({
        Id: String(position),
        Message: entry.body,
        MessageAttributes: entry.attributes,
      })),
    })
    try {
      record(batch, await limit(() => sns.send(command)), outcomes)
    } catch (error) {
      if (refusedForContent(error) && batch.entries.length > 1) {
        // The service took none of them. One entry may be to blame, so each is tried alone.
        await Promise.all(
          batch.entries.map((entry) => send({ topic: batch.topic, entries: [entry], bytes: entry.bytes }, outcomes)),
        )
        return
      }
      const state = provablyNotSent(error) ? 'failed' : 'indeterminate'
      for (const entry of batch.entries) outcomes[entry.index] = { state, error: errorInfoOf(error) }
    }
  }

  return async (envelopes) => {
    const { batches, refused } = publishBatches(envelopes)
    const outcomes: PublishOutcome[] = new Array(envelopes.length)
    for (const { index, error } of refused) outcomes[index] = { state: 'failed', error }
    await Promise.all(batches.map((batch) => send(batch, outcomes)))
    return outcomes
  }
}

function record(batch: Batch, answer: PublishBatchCommandOutput, outcomes: PublishOutcome[]): void {
  for (const { Id, MessageId } of answer.Successful ?? []) {
    const entry = batch.entries[Number(Id)]
    if (entry) outcomes[entry.index] = { state: 'acked', ref: MessageId ?? '' }
  }
  for (const { Id, Code, Message } of answer.Failed ?? []) {
    const entry = batch.entries[Number(Id)]
    if (entry) {
      outcomes[entry.index] = { state: 'failed', error: { type: Code ?? 'PublishFailed', message: Message ?? '' } }
    }
  }
  for (const entry of batch.entries) {
    outcomes[entry.index] ??= {
      state: 'indeterminate',
      error: { type: 'NoResult', message: 'the answer to the batch says nothing of this message' },
    }
  }
}
