import { ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { type SqsMessage, settle } from './settle.ts'

const queues = { url: 'http://q', deadLetterUrl: 'http://d' } as Parameters<typeof settle>[1]
const taken = ['a', 'b', 'c'].map(
  (receipt) => ({ receipt, delivery: {}, attributes: {}, hiddenSince: 0, settling: true }) as SqsMessage,
)

test('a receipt that the queue refuses is fenced; another failure is only not confirmed', async () => {
  const sqs = {
    async send(command: unknown) {
      if (command instanceof DeleteMessageBatchCommand) {
        return {
          Successful: [{ Id: '0' }],
          Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
        }
      }
      if (command instanceof ChangeMessageVisibilityBatchCommand) {
        return { Successful: [], Failed: [{ Id: '2', Code: 'InternalError', SenderFault: false }] }
      }
      throw new Error('unexpected')
    },
  } as unknown as SQSClient
  const deps = { sqs, visibilitySeconds: 10, now: () => 0, random: () => 0, sleep: async () => undefined }
  const ack = { kind: 'ack' } as const
  expect(await settle(deps, queues, taken, [ack, ack, { kind: 'release' }])).toEqual([true, 'fenced', false])
})

test.each(['MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight', 'InvalidParameterValue'])(
  'a retry of a message that another has is fenced: %s',
  async (Code) => {
    const sqs = { send: async () => ({ Failed: [{ Id: '0', Code, SenderFault: true }] }) } as unknown as SQSClient
    const deps = { sqs, visibilitySeconds: 10, now: () => 0, random: () => 0, sleep: async () => undefined }
    expect(await settle(deps, queues, taken.slice(0, 1), [{ kind: 'retry', delayMs: 5 }])).toEqual(['fenced'])
  },
)

test.each([
  { answeredAt: 9_999, confirmed: true },
  { answeredAt: 10_000, confirmed: false },
])('a retry is confirmed only while the message is hidden: $answeredAt', async ({ answeredAt, confirmed }) => {
  let now = 0
  const sqs = {
    async send() {
      now = answeredAt
      return { Successful: [{ Id: '0' }] }
    },
  } as unknown as SQSClient
  const deps = { sqs, visibilitySeconds: 10, now: () => now, random: () => 0, sleep: async () => undefined }
  expect(await settle(deps, queues, taken.slice(0, 1), [{ kind: 'retry', delayMs: 5 }])).toEqual([confirmed])
  expect(await settle(deps, queues, taken.slice(0, 1), [{ kind: 'ack' }])).toEqual([true])
})

test.each(['retry', 'release'] as const)(
  'a %s does not touch a message that another may have by now, nor when it is asked for again',
  async (kind) => {
    let now = 9_999
    const sent: string[][] = []
    const sqs = {
      async send({ input }: ChangeMessageVisibilityBatchCommand) {
        sent.push(input.Entries?.map(({ ReceiptHandle = '' }) => ReceiptHandle) ?? [])
        now = 10_000
        throw Object.assign(new Error('slow'), { name: 'TimeoutError' })
      },
    } as unknown as SQSClient
    const deps = { sqs, visibilitySeconds: 10, now: () => now, random: () => 0, sleep: async () => undefined }
    const settlement = kind === 'retry' ? { kind, delayMs: 5 } : { kind }
    const later = { ...taken[2], hiddenSince: 1 } as SqsMessage
    expect(await settle(deps, queues, [...taken.slice(0, 2), later], [settlement, settlement, settlement])).toEqual([
      false,
      false,
      false,
    ])
    expect(sent[0]).toEqual(['a', 'b', 'c'])
    expect(new Set(sent.slice(1).flat())).toEqual(new Set(['c']))
    sent.length = 0
    now = 20_000
    expect(await settle(deps, queues, taken.slice(0, 1), [settlement])).toEqual([false])
    expect(sent).toEqual([])
  },
)
