import fc from 'fast-check'
import { expect } from 'vitest'
import { inGroup } from './fifo-store.contract.ts'
import { declareQueues, queueNamed, redriveTo, testClock } from './queue-store.contract.ts'
import type { QueueStore } from './queue-store.ts'

const group = fc.constantFrom('g', 'h', 'i')
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), group, id: fc.integer({ min: 0, max: 20 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      queue: fc.constantFrom('f', 'f', 'dead'),
      max: fc.integer({ min: 1, max: 10 }),
      timeout: fc.constantFrom(0, 500, 5_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      pick: fc.nat(),
      timeout: fc.constantFrom(0, 300, 3_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.constantFrom(100, 700, 3_000, 150_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), max: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

export const fifoSteps = (maxLength: number): fc.Arbitrary<Step[]> => fc.array(step, { maxLength })

interface Copy {
  body: string
  group: string
  visibleAt: number
  count: number
  receipt: string
}

/** Messages that a queue may receive before it gives one up. */
const limit = 3
const onceMs = 300_000

/** FIFO queues as plain lists, looked through from the front. */
class NaiveFifo {
  queues: Record<string, Copy[]> = { f: [], dead: [] }
  seen = new Map<string, number>()

  of(queue: string): Copy[] {
    const list = this.queues[queue] ?? []
    this.queues[queue] = list
    return list
  }

  /** What of a group may be taken: from its front as far as it is visible. */
  front(queue: string, id: string, now: number): Copy[] {
    const mine = this.of(queue).filter((copy) => copy.group === id)
    const hidden = mine.findIndex((copy) => copy.visibleAt > now)
    return hidden === -1 ? mine : mine.slice(0, hidden)
  }

  take(queue: string, copy: Copy): void {
    this.of(queue).splice(this.of(queue).indexOf(copy), 1)
  }
}

/** Runs the steps on a store and on the model side by side; whatever the store chooses must be what the model allows. */
export async function compareFifo(
  steps: Step[],
  open: (now: () => number) => QueueStore,
  lasting: boolean,
): Promise<void> {
  const clock = testClock()
  const model = new NaiveFifo()
  const given: { queue: string; receipt: string }[] = []
  let sent = 0
  let store = open(clock.now)
  const fifo = { FifoQueue: 'true', MessageRetentionPeriod: '1209600' }
  await declareQueues(store, queueNamed('dead', fifo), queueNamed('f', { ...fifo, ...redriveTo('dead', limit) }))

  /** What a receive gave up is seen among the dead letters: each must have been at the front and received too often. */
  const giveUp = async () => {
    const bodies = (await store.peek('dead', 1_000)).map(({ message }) => message.body)
    const known = new Set(model.of('dead').map(({ body }) => body))
    for (const body of bodies.filter((one) => !known.has(one))) {
      const copy = model.of('f').find((one) => one.body === body)
      if (copy === undefined) throw new Error(`${body} is among the dead letters and was never in the queue`)
      expect(model.front('f', copy.group, clock.now())[0]).toBe(copy)
      expect(copy.count).toBeGreaterThanOrEqual(limit)
      model.take('f', copy)
      model.of('dead').push({ ...copy, count: 0, receipt: '', visibleAt: clock.now() })
    }
  }

  const receive = async (queue: string, max: number, timeout: number) => {
    const now = clock.now()
    const possible = ['g', 'h', 'i']
      .flatMap((id) => model.front(queue, id, now))
      .filter(({ count }) => queue !== 'f' || count < limit).length
    const { messages } = await store.receive(queue, { max, visibilityTimeoutMs: timeout })
    if (queue === 'f') await giveUp()
    expect(messages).toHaveLength(Math.min(max, possible))
    const order = new Map<string, Copy[]>()
    for (const { message, receipt, receiveCount } of messages) {
      const front = order.get(message.groupId) ?? model.front(queue, message.groupId, now)
      const copy = front.shift()
      order.set(message.groupId, front)
      expect([copy?.body, copy?.count]).toEqual([message.body, receiveCount - 1])
      if (copy !== undefined) Object.assign(copy, { count: receiveCount, receipt, visibleAt: now + timeout })
      given.push({ queue, receipt })
    }
    // One group is taken as far as it goes before the next begins.
    const groups = messages.map(({ message }) => message.groupId)
    expect(groups.filter((id, index) => id !== groups[index - 1])).toHaveLength(new Set(groups).size)
  }

  const perform = async (one: Step) => {
    const picked = 'pick' in one ? given[one.pick % Math.max(given.length, 1)] : undefined
    const held = model.of(picked?.queue ?? 'f').find(({ receipt }) => receipt !== '' && receipt === picked?.receipt)
    const alive = held !== undefined && held.visibleAt > clock.now()
    if (one.do === 'send') {
      const body = `m${sent++}`
      const before = model.seen.get(`d${one.id}`)
      const repeats = before !== undefined && before + onceMs > clock.now()
      const [outcome] = await store.accept([inGroup('f', one.group, body, `d${one.id}`)])
      expect(outcome?.repeated).toBe(repeats)
      if (repeats) return
      model.seen.set(`d${one.id}`, clock.now())
      model.of('f').push({ body, group: one.group, visibleAt: clock.now(), count: 0, receipt: '' })
    } else if (one.do === 'receive') await receive(one.queue, one.max, one.timeout)
    else if (one.do === 'delete' && picked !== undefined) {
      const [outcome] = await store.delete(picked.queue, [picked.receipt])
      if (alive) {
        expect(outcome).toBe('done')
        model.take(picked.queue, held)
      } else expect(['expired', 'done']).toContain(outcome)
    } else if (one.do === 'change' && picked !== undefined) {
      const [outcome] = await store.changeVisibility(picked.queue, [
        { receipt: picked.receipt, timeoutMs: one.timeout },
      ])
      if (alive) {
        expect(outcome).toBe('done')
        held.visibleAt = clock.now() + one.timeout
      } else expect(['expired', 'gone']).toContain(outcome)
    } else if (one.do === 'advance') clock.advance(one.by)
    else if (one.do === 'purge') {
      await store.purge('f')
      model.queues.f = []
      model.seen.clear()
    } else if (one.do === 'move') {
      const { moved } = await store.move('dead', { anywhere: 'f' }, one.max)
      const arrived = (await store.peek('f', 1_000)).slice(-moved || 1_000_000)
      for (const { message } of moved === 0 ? [] : arrived) {
        const copy = model.front('dead', message.groupId, clock.now())[0]
        expect(copy?.body).toBe(message.body)
        if (copy === undefined) continue
        model.take('dead', copy)
        model.of('f').push({ ...copy, count: 0, receipt: '', visibleAt: clock.now() })
      }
    } else if (one.do === 'reopen' && lasting) {
      await store.close()
      store = open(clock.now)
    }
  }
  try {
    for (const one of steps) {
      await perform(one)
      for (const queue of ['f', 'dead']) {
        const all = model.of(queue)
        const visible = all.filter(({ visibleAt }) => visibleAt <= clock.now()).length
        expect(await store.counts(queue)).toMatchObject({ visible, delayed: 0, inFlight: all.length - visible })
      }
    }
  } finally {
    await store.close()
  }
}
