import { describe, expect, test } from 'vitest'
import {
  declareQueues,
  messageFor,
  queueNamed,
  type StoreUnderTest,
  type TestClock,
  testClock,
} from './queue-store.contract.ts'
import type { QueueStore } from './queue-store.ts'
import { maximumAttempts, repeatableMs } from './receive-attempts.ts'

/** The promises of SPEC.md on which the repetition of a receive is built. `make` gives a new, empty store. */
export function receiveAttemptsContract(name: string, make: (clock: TestClock) => Promise<StoreUnderTest>): void {
  const withStore = (title: string, run: (store: QueueStore, clock: TestClock) => Promise<void>) =>
    test(title, async () => {
      const clock = testClock()
      const made = await make(clock)
      try {
        await declareQueues(made.store, queueNamed('f', { FifoQueue: 'true' }), queueNamed('a'))
        await run(made.store, clock)
      } finally {
        await made.discard()
      }
    })

  describe(`repeated receives: ${name}`, () => {
    withStore('Q40 a receive is kept for five minutes and leaves the declarations alone', async (store, clock) => {
      const before = await store.declarations()
      await store.attempts.keep('x', 'first')
      clock.advance(repeatableMs - 1)
      expect([await store.attempts.get('x'), await store.attempts.get('y')]).toEqual(['first', undefined])
      await store.attempts.keep('x', 'second')
      clock.advance(1)
      expect(await store.attempts.get('x')).toBe('second')
      clock.advance(repeatableMs)
      expect(await store.attempts.get('x')).toBeUndefined()
      const after = await store.declarations()
      // The very same: a new epoch in Redis would have had them read again.
      expect(after).toBe(before)
      expect(after.records.size).toBe(0)
      await store.attempts.keep('x', 'third')
      await store.reset()
      expect(await store.attempts.get('x')).toBeUndefined()
    })

    withStore('Q40 where too many are kept the one kept longest ago goes, not one kept again', async (store, clock) => {
      await store.attempts.keep('renewed', '1')
      clock.advance(1)
      await store.attempts.keep('oldest', '1')
      clock.advance(1)
      const others = Array.from({ length: maximumAttempts - 2 }, (_, index) => `other ${index}`)
      await Promise.all(others.map((id) => store.attempts.keep(id, '1')))
      clock.advance(1)
      await store.attempts.keep('renewed', '2')
      expect(await store.attempts.get('oldest')).toBe('1')
      await store.attempts.keep('last', '1')
      const left = await Promise.all(['oldest', 'renewed', 'other 0', 'last'].map((id) => store.attempts.get(id)))
      expect(left).toEqual([undefined, '2', '1', '1'])
    })

    for (const queue of ['a', 'f']) {
      withStore(`Q39 messages are looked at by key in ${queue}, whatever else waits`, async (store, clock) => {
        const texts = ['1', '2', '3', '4']
        await store.accept(
          texts.map((text) => ({ ...messageFor([queue], text), groupId: text, deduplicationId: text })),
        )
        const { messages } = await store.receive(queue, { max: 3, visibilityTimeoutMs: 5_000 })
        const [first, second, third] = messages
        await store.delete(queue, [second?.receipt ?? ''])
        const keys = [third, second, first].map((one) => one?.key ?? 0)
        const looked = await store.look(queue, keys)
        expect(looked.map((one) => one?.message.body)).toEqual(['3', undefined, '1'])
        const given = { state: 'in-flight', visibleAt: clock.now() + 5_000, receiveCount: 1, deadLetterSource: '' }
        expect(looked[0]).toMatchObject(given)
        const peeked = await store.peek(queue, 10)
        expect(looked[2]).toEqual(peeked.find(({ message }) => message.body === '1'))
        expect(await store.look(queue, [])).toEqual([])
        clock.advance(5_000)
        expect((await store.look(queue, keys))[0]).toMatchObject({ state: 'visible' })
      })
    }
  })
}
