import fc from 'fast-check'
import { expect } from 'vitest'
import { declareQueues, messageFor, queueNamed, redriveTo, testClock } from './queue-store.contract.ts'
import type { QueueStore } from './queue-store.ts'

/** A queue store without any structure: a list, looked through from front to back. */
class NaiveModel {
  copies: { queue: string; body: string; visibleAt: number; count: number; receipt: string; source: string }[] = []
  private readonly limit = 3

  visible(queue: string, now: number) {
    return this.copies.filter((copy) => copy.queue === queue && copy.visibleAt <= now)
  }

  /** Moves what is past its receives, as the next receive does. */
  redrive(queue: string, now: number): void {
    if (queue !== 'a' && queue !== 'b') return
    for (const copy of this.visible(queue, now)) {
      if (copy.count < this.limit) continue
      Object.assign(copy, { queue: 'dead', source: queueNamed(queue).arn, count: 0, receipt: '', visibleAt: now })
    }
  }
}

const queue = fc.constantFrom('a', 'b', 'dead')
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      to: fc.uniqueArray(fc.constantFrom('a', 'b'), { minLength: 1 }),
      delay: fc.constantFrom(undefined, 0, 700, 2_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      queue,
      max: fc.integer({ min: 1, max: 10 }),
      timeout: fc.constantFrom(0, 500, 1_000, 5_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      pick: fc.nat(),
      timeout: fc.constantFrom(0, 300, 3_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.constantFrom(100, 700, 3_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), queue }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
)

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Some sequence of operations, at most `maxLength` long. */
export const steps = (maxLength: number): fc.Arbitrary<Step[]> => fc.array(step, { maxLength })

/** Runs the steps on a store and on the model side by side; every answer and every count must agree. */
export async function compare(steps: Step[], open: (now: () => number) => QueueStore, lasting: boolean): Promise<void> {
  const clock = testClock()
  const model = new NaiveModel()
  const given: { queue: string; receipt: string }[] = []
  let sent = 0
  let store = open(clock.now)
  const policy = redriveTo('dead', 3)
  await declareQueues(store, queueNamed('dead'), queueNamed('a', policy), queueNamed('b', policy))

  const receive = async (name: string, max: number, timeout: number) => {
    model.redrive(name, clock.now())
    const visible = model.visible(name, clock.now())
    const { messages } = await store.receive(name, { max, visibilityTimeoutMs: timeout })
    expect(messages).toHaveLength(Math.min(max, visible.length))
    for (const { message, receiveCount, receipt, deadLetterSource } of messages) {
      const copy = visible.find(
        (one) => one.body === message.body && one.source === deadLetterSource && one.count === receiveCount - 1,
      )
      if (copy === undefined) throw new Error(`${message.body} was received from ${name} and should not have been`)
      visible.splice(visible.indexOf(copy), 1)
      Object.assign(copy, { count: receiveCount, receipt, visibleAt: clock.now() + timeout })
      given.push({ queue: name, receipt })
    }
  }
  const perform = async (one: Step) => {
    const picked = 'pick' in one ? given[one.pick % Math.max(given.length, 1)] : undefined
    const held = model.copies.find((copy) => copy.receipt === picked?.receipt && copy.queue === picked.queue)
    if (one.do === 'accept') {
      const body = `m${sent++}`
      await store.accept([messageFor(one.to, body, one.delay)])
      for (const name of one.to) {
        model.copies.push({
          queue: name,
          body,
          visibleAt: clock.now() + (one.delay ?? 0),
          count: 0,
          receipt: '',
          source: '',
        })
      }
    } else if (one.do === 'receive') await receive(one.queue, one.max, one.timeout)
    else if (one.do === 'delete' && picked !== undefined) {
      await store.delete(picked.queue, [picked.receipt])
      if (held !== undefined) model.copies.splice(model.copies.indexOf(held), 1)
    } else if (one.do === 'change' && picked !== undefined) {
      await store.changeVisibility(picked.queue, [{ receipt: picked.receipt, timeoutMs: one.timeout }])
      if (held !== undefined && held.visibleAt > clock.now()) held.visibleAt = clock.now() + one.timeout
    } else if (one.do === 'advance') clock.advance(one.by)
    else if (one.do === 'purge') {
      await store.purge(one.queue)
      model.copies = model.copies.filter((copy) => copy.queue !== one.queue)
    } else if (one.do === 'reopen' && lasting) {
      await store.close()
      store = open(clock.now)
    }
  }
  try {
    for (const one of steps) {
      await perform(one)
      for (const name of ['a', 'b', 'dead']) {
        const all = model.copies.filter((copy) => copy.queue === name)
        const visible = model.visible(name, clock.now()).length
        const delayed = all.filter((copy) => copy.count === 0 && copy.visibleAt > clock.now()).length
        expect(await store.counts(name)).toMatchObject({ visible, delayed, inFlight: all.length - visible - delayed })
      }
    }
  } finally {
    await store.close()
  }
}
