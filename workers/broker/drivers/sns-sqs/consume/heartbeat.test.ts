import type { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { extendVisibility } from './heartbeat.ts'
import type { SqsMessage } from './settle.ts'

const queues = { url: 'http://q', deadLetterUrl: 'http://d' } as Parameters<typeof extendVisibility>[1]

test('only what is still hidden and half through its timeout is hidden for longer', async () => {
  const asked: string[] = []
  const sqs = {
    async send({ input }: ChangeMessageVisibilityBatchCommand) {
      for (const { ReceiptHandle = '' } of input.Entries ?? []) asked.push(ReceiptHandle)
      return { Successful: input.Entries?.map(({ Id }) => ({ Id })) }
    },
  } as unknown as SQSClient
  const one = (receipt: string, hiddenSince: number, settling = false) =>
    ({ receipt, delivery: {}, attributes: {}, hiddenSince, settling }) as SqsMessage
  const due = one('due', 91_000)
  const ranOut = one('another may have it', 90_000)
  await extendVisibility({ sqs, now: () => 100_000 }, queues, 10, [
    due,
    ranOut,
    one('fresh', 96_000),
    one('on its way', 91_000, true),
  ])
  expect(asked).toEqual(['due'])
  expect([due.hiddenSince, ranOut.hiddenSince]).toEqual([100_000, 90_000])
})
