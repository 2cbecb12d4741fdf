import { expect, test } from 'vitest'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import { createInHand } from './in-hand.ts'

const group = 'payment'
const trace = (digit: string): string => digit.repeat(32)
const eventOf = (id: string, traceId: string, receiveCount = 1) =>
  ({
    id,
    attempt: 1,
    receiveCount,
    envelope: { id, traceparent: `00-${traceId}-${'1'.repeat(16)}-01` },
  }) as HandledEvent

/** Events that are in flight until `done` is called. */
function hold(events: HandledEvent[]) {
  const inHand = createInHand(group)
  let done: () => void = () => undefined
  const held = new Promise<undefined>((resolve) => {
    done = () => resolve(undefined)
  })
  const runs = events.map(inHand.during(() => held))
  async function end(): Promise<void> {
    done()
    await Promise.all(runs)
  }
  return { inHand, done: end }
}

test('the cause is the event that is named, else the parent span, else the only one of the trace', async () => {
  const [a, b, c] = [eventOf('a', trace('a')), eventOf('b', trace('b')), eventOf('c', trace('b'))]
  const { inHand, done } = hold([a, b, c])
  const spanOf = (event: HandledEvent) => processSpanId({ id: event.id, group, attempt: 1, receiveCount: 1 })
  expect(inHand.find({ causationId: 'b', traceparents: [`00-${trace('a')}-x-01`] })).toBe(b)
  expect(inHand.find({ causationId: 'none', traceparents: [`00-${trace('a')}-x-01`] })).toBe(a)
  expect(inHand.find({ traceparents: [`00-${trace('b')}-${spanOf(c)}-01`] })).toBe(c)
  expect(inHand.find({ traceparents: [`00-${trace('b')}-x-01`] })).toBeUndefined()
  expect(inHand.find({ traceparents: ['nonsense'] })).toBeUndefined()
  expect(inHand.find({ traceparents: [] })).toBeUndefined()
  await done()
  expect(inHand.find({ causationId: 'b', traceparents: [] })).toBeUndefined()
})

test('of an event that was given out again the later run counts', async () => {
  const [first, second] = [eventOf('a', trace('a'), 1), eventOf('a', trace('a'), 2)]
  const { inHand, done } = hold([first, second])
  expect(inHand.find({ causationId: 'a', traceparents: [] })).toBe(second)
  expect(inHand.find({ traceparents: [`00-${trace('a')}-x-01`] })).toBe(second)
  await done()
})
