import { expect, test, vi } from 'vitest'
import type { Confirmation, Delivery, Settlement } from '../../../broker.ts'
import { createHandling } from './handling.ts'
import type { FetchedRecords } from './intake.ts'
import { createPartitionLog, type FetchedRecord } from './partition-log.ts'

/** One record of one partition with a handler that answers when it is asked to. */
function open() {
  const log = createPartitionLog('orders', 0)
  const taken = {
    log,
    offset: 0,
    stamp: '',
    state: 'ready',
    at: 0,
    delivery: { topic: 'orders' },
  } as unknown as FetchedRecord
  log.taken.push(taken)
  log.ready.push(taken)
  let answer: (settlements: Settlement[]) => void = () => undefined
  const answers: (Confirmation | undefined)[] = []
  const handling = createHandling({
    handle: (_deliveries: Delivery[]) =>
      new Promise((resolve) => {
        answer = resolve
      }),
    ...{ concurrency: 1, batchSize: 10, retryTopics: 3, now: Date.now },
    intake: { logs: () => [log], recordOf: () => ({ key: null, value: '', headers: [] }) } as Pick<
      FetchedRecords,
      'logs' | 'recordOf'
    > as FetchedRecords,
    store: async () => true,
    onSettled: (_deliveries, _settlements, confirmed) => void answers.push(...confirmed),
    onProgress: () => undefined,
  })
  handling.pump()
  return { log, handling, answers, answer: (settlement: Settlement) => answer([settlement]) }
}

test('what is settled after another member got it is fenced', async () => {
  const { log, handling, answers, answer } = open()
  log.lost = true
  handling.assigned()
  answer({ kind: 'ack' })
  await vi.waitUntil(() => answers.length > 0)
  expect(answers).toEqual(['fenced'])
})

test('what is settled while the member is out of the group is fenced once the group has assigned again', async () => {
  const { log, handling, answers, answer } = open()
  log.lost = true
  answer({ kind: 'ack' })
  await vi.waitUntil(() => handling.running() === 0)
  expect(answers).toEqual([])
  handling.assigned()
  handling.assigned()
  expect(answers).toEqual(['fenced'])
})

test('what is given back needs no word of the group', async () => {
  const { log, answers, answer } = open()
  log.lost = true
  answer({ kind: 'release' })
  await vi.waitUntil(() => answers.length > 0)
  expect(answers).toEqual([true])
})
