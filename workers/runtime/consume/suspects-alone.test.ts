import { expect, test, vi } from 'vitest'
import type { Settlement } from '#workers/broker/broker.ts'
import { delivery, openBatchHandler } from './handle-batch.fixture.ts'
import { suspectsAlone } from './suspects-alone.ts'

const note = (seq: number, attempt = 0, how = 'SIGKILL') => ({
  ...{ group: 'consumer-test', id: `producer-1:1:user_signup:${seq}` },
  ...{ attempt, how },
})
const idsOf = (those: { envelope?: { id: string } }[]) =>
  those.map(({ envelope }) => envelope?.id.split(':').at(-1)).join()

test('a suspect runs alone, in the order of its batch, and with nothing of other batches', async () => {
  const begun: string[] = []
  const open = new Map<string, (settlements: Settlement[]) => void>()
  const handle = suspectsAlone(
    (deliveries) => {
      begun.push(idsOf(deliveries))
      return new Promise((resolve) => open.set(idsOf(deliveries), resolve))
    },
    (id) => (id.endsWith(':3') ? note(3) : undefined),
  )
  const end = (ids: string) => open.get(ids)?.(ids.split(',').map(() => ({ kind: 'ack' })))
  const first = handle([1, 2, 3, 4].map((seq) => delivery(seq)))
  const second = handle([delivery(5)])
  await vi.waitFor(() => expect(begun).toEqual(['1,2', '5']), { timeout: 20_000 })
  end('1,2')
  // A turn of the loop: the suspect waits for the other batch now.
  await new Promise(setImmediate)
  const third = handle([delivery(6)])
  end('5')
  await vi.waitFor(() => expect(begun).toEqual(['1,2', '5', '3']), { timeout: 20_000 })
  end('3')
  await vi.waitFor(() => expect([...begun].sort()).toEqual(['1,2', '3', '4', '5', '6']), { timeout: 20_000 })
  end('4')
  end('6')
  expect(await first).toHaveLength(4)
  expect([await second, await third].flat()).toHaveLength(2)
})

test('an error of a suspect keeps nobody waiting', async () => {
  const handle = suspectsAlone(
    async () => {
      throw new Error('no')
    },
    (id) => (id.endsWith(':1') ? note(1) : undefined),
  )
  await expect(handle([delivery(1)])).rejects.toThrow('no')
  await expect(handle([delivery(2)])).rejects.toThrow('no')
})

test('the attempt counts what ended a process, and the policy decides over it', async () => {
  let attempts: number[] = []
  const consumer = {
    handlers: {
      user_signup: async ({ attempt }: { attempt: number }) => {
        attempts.push(attempt)
        return undefined
      },
    },
  }
  const { handle, records, crashes } = openBatchHandler(consumer, { maximumAttempts: 3 })
  crashes.set(note(1).id, note(1, 0))
  crashes.set(note(2).id, note(2, 2))
  crashes.set(note(3).id, note(3, 3, 'code 7'))
  const settlements = await handle([1, 2, 3].map((seq) => delivery(seq)))
  expect(attempts).toEqual([1, 3])
  const error = { type: 'ProcessCrashed', message: 'the process that handled it ended with exit code 7' }
  expect(settlements).toEqual([
    { kind: 'ack' },
    { kind: 'ack' },
    { kind: 'dead-letter', reason: 'max_attempts', error, attempts: 3 },
  ])
  expect(records[1]).toMatchObject({ deliveries: [{}, {}, { attempt: 3, outcome: 'error', error }] })

  attempts = []
  // Given out four times, twice of them beside what ended the process; the broker of the third does not count such times.
  const beside = openBatchHandler(consumer, { maximumAttempts: 3 })
  beside.crashes.set(note(1).id, { ...note(1), spared: { times: 2, after: 3 } })
  beside.crashes.set(note(2).id, { ...note(2), cleared: true, spared: { times: 4, after: 3 } })
  beside.crashes.set(note(3).id, { ...note(3), spared: { times: 2, after: 4 } })
  await beside.handle([1, 2, 3].map((seq) => delivery(seq, { attempt: 4, receiveCount: 4 })))
  expect(attempts).toEqual([2, 1, 4])

  attempts = []
  const final = openBatchHandler(consumer, { nonRetryableErrorTypes: ['ProcessCrashed'] })
  final.crashes.set(note(1).id, note(1, 1))
  expect(await final.handle([delivery(1)])).toMatchObject([{ kind: 'dead-letter', reason: 'non_retryable' }])
  expect(attempts).toEqual([])
})

test('what was cleared runs with the others again', async () => {
  const begun: string[] = []
  const handle = suspectsAlone(
    async (deliveries) => {
      begun.push(idsOf(deliveries))
      return deliveries.map(() => ({ kind: 'ack' }))
    },
    (id) => (id.endsWith(':2') ? { ...note(2), cleared: true, spared: { times: 1, after: 1 } } : undefined),
  )
  await handle([1, 2, 3].map((seq) => delivery(seq)))
  expect(begun).toEqual(['1,2,3'])
})
