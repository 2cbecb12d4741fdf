import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPollTurns } from './poll-turns.ts'
import { startSubscription } from './subscription.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/** A queue with `full` full answers in it and then nothing. */
function queueOf(full: number): SQSClient {
  let left = full
  const send = async (command: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<unknown> => {
    if (command instanceof GetQueueUrlCommand) return { QueueUrl: 'http://queue' }
    if (command instanceof ChangeMessageVisibilityBatchCommand)
      return { Successful: command.input.Entries?.map(({ Id }) => ({ Id })) }
    if (!(command instanceof ReceiveMessageCommand)) throw new Error('unexpected')
    left -= 1
    if (left >= 0)
      return { Messages: Array.from({ length: 10 }, (_, index) => ({ ReceiptHandle: `${left}-${index}`, Body: '{}' })) }
    return new Promise((_, reject) => {
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason))
    })
  }
  return { send } as unknown as SQSClient
}

test.each(['stop', 'abandon'] as const)(
  'all retries of a subscription have one timer, and none after %s',
  async (end) => {
    const turns = createPollTurns(1, 5)
    turns.join('other', false)
    let retried = 0
    const subscription = startSubscription(
      {
        ...{ sqs: queueOf(20), turns, polls: 1, requestTimeoutMs: 1_000, visibilitySeconds: 10 },
        ...{ now: Date.now, random: () => 0, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
      },
      'group',
      async (deliveries) => deliveries.map((_, index) => ({ kind: 'retry', delayMs: 60_000 + index * 1_000 })),
      { onSettled: (deliveries) => (retried += deliveries.length) },
    )
    while (retried < 200) await new Promise(setImmediate)
    // The other one is the heartbeat's.
    expect(vi.getTimerCount()).toBe(2)
    if (end === 'stop') await subscription.stop(1_000)
    else subscription.abandon()
    expect(vi.getTimerCount()).toBe(0)
  },
)
