import { expect, test } from 'vitest'
import { SimulatorClock } from '../../clock.ts'
import type { QueueDefinition } from '../../stores/queue-store.ts'
import { FifoThroughput } from './fifo-throughput.ts'

const queue = (FifoThroughputLimit: string, fifo = true): QueueDefinition => ({
  ...{ name: 'q', arn: 'q', createdAt: 0, modifiedAt: 0, attributes: { FifoThroughputLimit }, tags: {} },
  settings: {
    ...{ visibilityTimeoutMs: 0, delayMs: 0, retentionMs: 0, receiveWaitMs: 0, maximumMessageBytes: 0 },
    ...(fifo ? { fifo: { deduplicatesWithin: 'queue' } } : {}),
  },
})

/** A clock that does not move, at a moment of its own in each test. */
class Standing extends SimulatorClock {
  private at = 1_000_000
  override readonly now = (): number => this.at
  override advance(milliseconds: number): void {
    this.at += milliseconds
  }
}

const untilRefused = (limits: FifoThroughput, of: QueueDefinition, action: string, groups?: string[]): number => {
  for (let calls = 0; calls < 1_000; calls++) {
    try {
      limits.count(of, action, groups)
    } catch (error) {
      expect(error).toMatchObject({ code: 'RequestThrottled' })
      return calls
    }
  }
  return Number.POSITIVE_INFINITY
}

test('S12 a FIFO queue takes 300 calls of each action in a second, the next second as many again', () => {
  const clock = new Standing()
  const limits = new FifoThroughput(clock)
  expect(untilRefused(limits, queue('perQueue'), 'SendMessage', ['g'])).toBe(300)
  expect(untilRefused(limits, queue('perQueue'), 'SendMessage', ['h'])).toBe(0)
  expect(untilRefused(limits, queue('perQueue'), 'SendMessageBatch', ['g', 'h'])).toBe(300)
  expect(untilRefused(limits, queue('perQueue'), 'ReceiveMessage')).toBe(300)
  clock.advance(1_000)
  expect(untilRefused(limits, queue('perQueue'), 'SendMessage', ['g'])).toBe(300)
})

test('S12 with high throughput each group has its own limit, and what has no group has none', () => {
  const limits = new FifoThroughput(new Standing())
  const fast = queue('perMessageGroupId')
  expect(untilRefused(limits, fast, 'SendMessage', ['g'])).toBe(300)
  expect(untilRefused(limits, fast, 'SendMessage', ['h'])).toBe(300)
  expect(untilRefused(limits, fast, 'ReceiveMessage')).toBe(Number.POSITIVE_INFINITY)
})

test('S12 a standard queue has no limit', () => {
  expect(untilRefused(new FifoThroughput(new Standing()), queue('', false), 'SendMessage')).toBe(
    Number.POSITIVE_INFINITY,
  )
})
