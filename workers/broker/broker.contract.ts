import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Envelope, headersOf, newTraceparent } from '#contracts/envelope.ts'
import { type Broker, BrokerUnavailable, type Delivery, type Settlement, type SubscribeOptions } from './broker.ts'
import { type DeathNote, deathHeader } from './death-note.ts'

/** A real broker that the suite may misuse. */
export interface BrokerUnderTest {
  /** A driver of its own that redelivers after two seconds at most; the suite closes it. */
  connect(): Broker
  /** Puts bytes straight into a group's queue. */
  inject(group: string, body: string, headers: Record<string, string>): Promise<void>
  /** Everything among a group's dead letters. */
  deadLetters(group: string): Promise<{ body: string; headers: Record<string, string> }[]>
  /** Binds a queue that is not the lab's to a topic; answers a function that tells whether the binding stands. */
  bindStranger(topic: string): Promise<() => Promise<boolean>>
  /** Makes the broker refuse connections, as abruptly as it can, and start again where it was, with what it had stored. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** A driver whose requests reach the broker and whose answers never come back. */
  connectWithoutAnswers(): Broker
  stop(): Promise<void>
}

const ack = (deliveries: Delivery[]): Settlement[] => deliveries.map(() => ({ kind: 'ack' }))

/** Waits until `condition` holds; says what it waited for when it never does. */
async function until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The suite that every driver passes, against the real thing. Rules: SPEC.md. */
export function brokerContract(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(name, { timeout: 60_000 }, () => {
    let real: BrokerUnderTest
    let count = 0
    const open: Broker[] = []
    const stops: (() => Promise<void>)[] = []

    beforeAll(async () => {
      real = await start()
    }, 60_000)
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop()
      for (const broker of open.splice(0)) await broker.close()
    })
    afterAll(() => real.stop())

    function connect(): Broker {
      const broker = real.connect()
      open.push(broker)
      return broker
    }

    /** A topic and group of this test alone, so that no test sees what another left. */
    async function lab(groups = 1) {
      count += 1
      const topic = `topic_${count}`
      const names = Array.from({ length: groups }, (_, index) => `consumer-${count}-${index + 1}`)
      const broker = connect()
      const wiring = {
        topics: [{ topic, types: [topic] }],
        groups: names.map((group) => ({ group, types: [topic], topics: [topic] })),
      }
      await broker.declare(wiring)
      let seq = 0
      const envelope = (over: Partial<Envelope> = {}): Envelope => {
        seq += 1
        return {
          id: `producer-1:1:${topic}:${seq}`,
          type: topic,
          topic,
          time: new Date().toISOString(),
          traceparent: newTraceparent(),
          version: 1,
          body: JSON.stringify({ n: seq }),
          ...over,
        }
      }
      const envelopes = (length: number) => Array.from({ length }, () => envelope())
      const [group = ''] = names
      return { broker, topic, group, groups: names, wiring, envelope, envelopes }
    }

    async function consume(
      broker: Broker,
      group: string,
      decide: (deliveries: Delivery[]) => Settlement[] | Promise<Settlement[]> = ack,
      options: SubscribeOptions = {},
    ) {
      const seen: Delivery[] = []
      const subscription = await broker.subscribe(
        group,
        async (deliveries) => {
          seen.push(...deliveries)
          return decide(deliveries)
        },
        options,
      )
      stops.push(() => subscription.stop(1_000))
      const ids = () => seen.map((delivery) => delivery.envelope?.id ?? delivery.raw)
      return { seen, ids, subscription, distinct: () => new Set(ids()).size }
    }

    const depth = async (broker: Broker, group: string) => {
      const found = (await broker.inspect()).queues.find((queue) => queue.group === group)
      if (!found) throw new Error(`inspect() does not know ${group}`)
      return found
    }
    const waitingIn = async (broker: Broker, group: string) => {
      const { visible, inFlight, delayed } = await depth(broker, group)
      return visible + inFlight + delayed
    }

    test('B1 publish answers one outcome per envelope in order, and a refused one does not fail its neighbours', async () => {
      const { broker, envelopes, envelope } = await lab()
      const outcomes = await broker.publish([...envelopes(12), envelope({ topic: 'no_such_topic' }), ...envelopes(12)])
      expect(outcomes.map((outcome) => outcome.state)).toEqual([
        ...Array(12).fill('acked'),
        'failed',
        ...Array(12).fill('acked'),
      ])
      expect(await broker.publish([])).toEqual([])
    })

    test('B2 what was acked is delivered to every group, also after the broker was killed', async () => {
      const { broker, groups, envelopes } = await lab(2)
      const sent = envelopes(40)
      const outcomes = await broker.publish(sent)
      expect(outcomes.every((outcome) => outcome.state === 'acked' && outcome.ref !== '')).toBe(true)
      await real.kill()
      await real.restart()
      for (const group of groups) {
        const consumer = await consume(broker, group)
        await until(`${group} has all`, () => consumer.distinct() === sent.length)
      }
    })

    test('B3 a broker that refuses connections gives failed, and the message is never delivered', async () => {
      const { broker, group, envelope, wiring } = await lab()
      await real.kill()
      // A connection that stood before may take the bytes and break: then nobody can tell. This one has none.
      const outcomes = await connect().publish([envelope()])
      await real.restart()
      await broker.declare(wiring)
      expect(outcomes.map((outcome) => outcome.state)).toEqual(['failed'])
      const after = envelope()
      await broker.publish([after])
      const consumer = await consume(broker, group)
      await until('the later message is there', () => consumer.seen.length > 0)
      expect(consumer.ids()).toEqual([after.id])
    })

    test('B4 a request without an answer gives indeterminate, and the message may have arrived', async () => {
      const { broker, group, envelope } = await lab()
      const deaf = real.connectWithoutAnswers()
      open.push(deaf)
      const sent = envelope()
      expect((await deaf.publish([sent])).map((outcome) => outcome.state)).toEqual(['indeterminate'])
      const consumer = await consume(broker, group)
      await until('it was stored after all', () => consumer.seen.length > 0)
      await until('it is gone', async () => (await waitingIn(broker, group)) === 0)
      expect(consumer.ids()).toEqual([sent.id])
    })

    test('B5 a message that is too large fails alone', async () => {
      const { broker, envelope } = await lab()
      const huge = envelope({ body: JSON.stringify('x'.repeat(2_000_000)) })
      const [first, second, third] = await broker.publish([envelope(), huge, envelope()])
      expect([first?.state, second?.state, third?.state]).toEqual(['acked', 'failed', 'acked'])
      expect(second?.state === 'failed' && second.error.type).toBe('MessageTooLarge')
    })

    test('B5 large messages that fit alone but not together are all taken', async () => {
      const { broker, group, envelope } = await lab()
      const sent = Array.from({ length: 12 }, () => envelope({ body: JSON.stringify('é'.repeat(50_000)) }))
      const outcomes = await broker.publish(sent)
      expect(outcomes.every((outcome) => outcome.state === 'acked')).toBe(true)
      const consumer = await consume(broker, group)
      await until('all arrived', () => consumer.distinct() === sent.length)
    })

    test('B6 a message goes to the groups that take its type and to no other', async () => {
      const { broker, topic, groups, envelope, wiring } = await lab(2)
      const [one = '', two = ''] = groups
      await broker.declare({
        topics: [{ topic, types: [topic, 'other'] }],
        groups: wiring.groups.map((group) => ({ ...group, types: group.group === one ? [topic, 'other'] : [topic] })),
      })
      const other = envelope({ type: 'other' })
      const common = envelope()
      await broker.publish([other, common])
      const first = await consume(broker, one)
      const second = await consume(broker, two)
      await until('the first has both', () => first.seen.length === 2)
      await until('the second has one', () => second.seen.length === 1)
      expect(second.ids()).toEqual([common.id])
    })

    test('B6 subscriptions of one group share its messages', async () => {
      const { broker, group, envelopes } = await lab()
      const first = await consume(broker, group)
      const second = await consume(connect(), group)
      await broker.publish(envelopes(200))
      await until('all arrived', () => first.seen.length + second.seen.length >= 200)
      expect(new Set([...first.ids(), ...second.ids()]).size).toBe(200)
      expect(first.seen.length + second.seen.length).toBe(200)
    })

    test('B7 a delivery carries the envelope as published', async () => {
      const { broker, group, envelope } = await lab()
      const sent = envelope({
        key: 'key ✓ & <"=+%> é',
        tracestate: 'vendor=1,other=2',
        version: 3,
        body: JSON.stringify({ text: 'naïve 🚀 \u0001 & + % = \n', nested: [{ a: null }] }),
      })
      await broker.publish([sent])
      const consumer = await consume(broker, group)
      await until('it arrived', () => consumer.seen.length === 1)
      expect(consumer.seen[0]).toMatchObject({ envelope: sent, topic: sent.topic, group, attempt: 1, receiveCount: 1 })
      expect(consumer.seen[0]?.raw).toBe(sent.body)
      expect(consumer.seen[0]?.headers).toEqual(headersOf(sent))
    })

    test('B8 bytes that are no event are delivered without an envelope', async () => {
      const { broker, group } = await lab()
      await real.inject(group, '{ not json', {})
      await real.inject(group, '{}', { ce_type: 'half', other: '1' })
      const consumer = await consume(broker, group)
      await until('both arrived', () => consumer.seen.length === 2)
      expect(consumer.seen.every((delivery) => delivery.envelope === undefined)).toBe(true)
      expect(new Set(consumer.seen.map((delivery) => delivery.raw))).toEqual(new Set(['{ not json', '{}']))
    })

    test('B9 no more batches at a time than concurrency, none larger than batchSize', async () => {
      const { broker, group, envelopes } = await lab()
      await broker.publish(envelopes(100))
      const sizes: number[] = []
      let running = 0
      let most = 0
      const slow = async (deliveries: Delivery[]) => {
        running += 1
        most = Math.max(most, running)
        sizes.push(deliveries.length)
        await new Promise((resolve) => setTimeout(resolve, 15))
        running -= 1
        return ack(deliveries)
      }
      const consumer = await consume(broker, group, slow, { concurrency: 3, batchSize: 4 })
      await until('all handled', () => consumer.seen.length === 100)
      expect(most).toBeLessThanOrEqual(3)
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(4)
    })

    test('B9 batches grow to batchSize beyond what one receive gives', async () => {
      const { broker, group, envelopes } = await lab()
      await broker.publish(envelopes(300))
      const sizes: number[] = []
      const slow = async (deliveries: Delivery[]) => {
        sizes.push(deliveries.length)
        await new Promise((resolve) => setTimeout(resolve, 50))
        return ack(deliveries)
      }
      const consumer = await consume(broker, group, slow, { concurrency: 1, batchSize: 40 })
      await until('all handled', () => consumer.distinct() === 300)
      expect(Math.max(...sizes)).toBeGreaterThan(10)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(40)
    })

    test('B10 an acked message is not seen again', async () => {
      const { broker, group, envelopes } = await lab()
      await broker.publish(envelopes(25))
      const consumer = await consume(broker, group)
      await until('the queue is empty', async () => (await waitingIn(broker, group)) === 0)
      expect(consumer.seen.length).toBe(25)
    })

    test('B11 a retried message is seen again with attempt + 1, not before it is due', async () => {
      const { broker, group, envelope } = await lab()
      const [sent] = [envelope()]
      await broker.publish([sent])
      const decidedAt: number[] = []
      const consumer = await consume(broker, group, (deliveries) =>
        deliveries.map(({ attempt }) => {
          decidedAt.push(Date.now())
          return attempt < 3 ? { kind: 'retry', delayMs: 1_100 } : { kind: 'ack' }
        }),
      )
      await until('third attempt', () => consumer.seen.length === 3)
      expect(consumer.seen.map((delivery) => delivery.attempt)).toEqual([1, 2, 3])
      expect(new Set(consumer.ids())).toEqual(new Set([sent.id]))
      for (const [index, delivery] of consumer.seen.entries()) {
        const before = decidedAt[index - 1]
        if (before !== undefined) expect(delivery.receivedAt - before).toBeGreaterThanOrEqual(1_100)
      }
    })

    test('B12 a released message is there again at once', async () => {
      const { broker, group, envelope } = await lab()
      await broker.publish([envelope()])
      const consumer = await consume(broker, group, (deliveries) =>
        deliveries.map(({ receiveCount }) => (receiveCount < 4 ? { kind: 'release' } : { kind: 'ack' })),
      )
      await until('fourth delivery', () => consumer.seen.length === 4)
      expect(consumer.seen.map((delivery) => delivery.receiveCount)).toEqual([1, 2, 3, 4])
    })

    test('B13 a dead letter keeps body, headers and the reason, and leaves the queue', async () => {
      const { broker, group, topic, envelope } = await lab()
      const sent = envelope({ key: 'k', tracestate: 'vendor=1' })
      await broker.publish([sent])
      await real.inject(group, 'no event at all', {})
      const error = { type: 'CardDeclined', message: 'the card was declined', stack: 'CardDeclined: at x' }
      const consumer = await consume(broker, group, (deliveries) =>
        deliveries.map(({ envelope: event }) => ({
          kind: 'dead-letter',
          reason: event ? 'max_attempts' : 'undecodable',
          error,
          attempts: event ? 4 : 0,
        })),
      )
      await until('both are buried', async () => (await depth(broker, group)).deadLetters === 2)
      await until('the queue is empty', async () => (await waitingIn(broker, group)) === 0)
      expect(consumer.seen.length).toBe(2)
      const letters = await real.deadLetters(group)
      const noteOf = (body: string) => {
        const letter = letters.find((candidate) => candidate.body === body)
        return { letter, note: JSON.parse(letter?.headers[deathHeader] ?? 'null') as DeathNote }
      }
      const { letter, note } = noteOf(sent.body)
      expect(note).toMatchObject({ id: sent.id, topic, group, attempts: 4, reason: 'max_attempts', error })
      expect({ ...letter?.headers, ...note.headers }).toMatchObject(headersOf(sent))
      expect(noteOf('no event at all').note).toMatchObject({ group, reason: 'undecodable' })
    })

    test('B14 a handler that rejects brings the whole batch back', async () => {
      const { broker, group, envelopes } = await lab()
      const sent = envelopes(8)
      await broker.publish(sent)
      let rejected = false
      const consumer = await consume(broker, group, (deliveries) => {
        if (!rejected) {
          rejected = true
          throw new Error('the handler broke')
        }
        return ack(deliveries)
      })
      await until('the queue is empty', async () => rejected && (await waitingIn(broker, group)) === 0)
      const again = consumer.seen.filter((delivery) => delivery.receiveCount === 2)
      expect(again.length).toBeGreaterThanOrEqual(1)
      expect(consumer.distinct()).toBe(8)
    })

    test('B15 what a dead worker had in hand is delivered to another', async () => {
      const { broker, group, envelopes } = await lab()
      const dying = connect()
      await broker.publish(envelopes(30))
      const taken = await consume(dying, group, () => new Promise(() => undefined))
      stops.length = 0
      await until('the dying worker holds some', () => taken.seen.length > 0)
      await dying.close()
      const heir = await consume(broker, group)
      await until('the heir has all', () => heir.distinct() === 30)
    })

    test('B16 a message in hand is not delivered again while its handler runs', async () => {
      const { broker, group, envelope } = await lab()
      await broker.publish([envelope()])
      let free: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        free = resolve
      })
      const slow = await consume(broker, group, async (deliveries) => {
        await held
        return ack(deliveries)
      })
      await until('it is in hand', () => slow.seen.length === 1)
      const other = await consume(connect(), group)
      // Five seconds are more than twice the two that a message stays hidden here.
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      expect([slow.seen.length, other.seen.length]).toEqual([1, 0])
      free()
      await until('the queue is empty', async () => (await waitingIn(broker, group)) === 0)
      expect([slow.seen.length, other.seen.length]).toEqual([1, 0])
    })

    test('B17 onSettled tells for each delivery what the broker confirmed', async () => {
      const { broker, group, envelopes } = await lab()
      const told: [string | undefined, Settlement['kind'] | undefined, boolean | undefined][] = []
      await broker.publish(envelopes(20))
      await consume(
        broker,
        group,
        (deliveries) =>
          deliveries.map(({ receiveCount }, index) =>
            index % 2 === 0 || receiveCount > 1 ? { kind: 'ack' } : { kind: 'release' },
          ),
        {
          onSettled: (deliveries, settlements, confirmed) => {
            for (const [index, delivery] of deliveries.entries()) {
              told.push([delivery.envelope?.id, settlements[index]?.kind, confirmed[index]])
            }
          },
        },
      )
      await until('20 acks', () => told.filter(([, kind]) => kind === 'ack').length === 20)
      expect(told.every(([, , confirmed]) => confirmed === true)).toBe(true)
      expect(new Set(told.filter(([, kind]) => kind === 'ack').map(([id]) => id)).size).toBe(20)
    })

    test('B18 stop lets handlers finish, gives the rest back at once and leaves nothing in hand', async () => {
      const { broker, group, envelopes } = await lab()
      await broker.publish(envelopes(60))
      const slow = async (deliveries: Delivery[]) => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        return ack(deliveries)
      }
      const consumer = await consume(broker, group, slow, { concurrency: 2, batchSize: 5 })
      await until('some are in hand', () => consumer.seen.length > 0)
      await consumer.subscription.stop(5_000)
      expect(consumer.subscription.inHand()).toBe(0)
      const handled = consumer.seen.length
      const { visible, inFlight } = await depth(broker, group)
      expect(visible + inFlight).toBe(60 - handled)
      const heir = await consume(connect(), group)
      await until('the heir has the rest', () => heir.distinct() === 60 - handled)
      expect(consumer.seen.length).toBe(handled)
    })

    test('B19 a handler that outlasts the grace time finds its message given back', async () => {
      const { broker, group, envelope } = await lab()
      await broker.publish([envelope()])
      let free: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        free = resolve
      })
      const slow = await consume(broker, group, async (deliveries) => {
        await held
        return ack(deliveries)
      })
      await until('it is in hand', () => slow.subscription.inHand() === 1)
      await slow.subscription.stop(50)
      expect(slow.subscription.inHand()).toBe(0)
      const heir = await consume(connect(), group, (deliveries) => deliveries.map(() => ({ kind: 'release' })))
      await until('the heir has it', () => heir.seen.length > 0)
      free()
      const before = heir.seen.length
      await until('it is still there', () => heir.seen.length > before)
    })

    test('B20 a subscription survives a broker that goes away and comes back', async () => {
      const { broker, group, envelopes } = await lab()
      const troubles: (string | undefined)[] = []
      const consumer = await consume(broker, group, ack, { onTrouble: (problem) => troubles.push(problem) })
      await until('first contact', () => troubles.length === 1)
      expect(troubles).toEqual([undefined])
      const before = envelopes(10)
      await broker.publish(before)
      await until('the first ten', () => consumer.distinct() === 10)
      await real.kill()
      await until('trouble', () => troubles.length === 2)
      expect(troubles[1]).toContain(group)
      await real.restart()
      await until('recovery', () => troubles.length === 3)
      expect(troubles[2]).toBeUndefined()
      await broker.publish(envelopes(10))
      await until('the next ten', () => consumer.distinct() === 20)
    })

    test('B20 a subscription may come before its queue', async () => {
      const broker = connect()
      count += 1
      const [topic, group] = [`topic_${count}`, `consumer-${count}-early`]
      const troubles: (string | undefined)[] = []
      await consume(broker, group, ack, { onTrouble: (problem) => troubles.push(problem) })
      await until('trouble', () => troubles.length === 1)
      expect(troubles[0]).toContain('does not exist')
      await broker.declare({
        topics: [{ topic, types: [topic] }],
        groups: [{ group, types: [topic], topics: [topic] }],
      })
      await until('first contact', () => troubles.at(-1) === undefined)
    })

    test('B21 declare repeats without effect and removes bindings that are no longer wired, of its own queues only', async () => {
      const { broker, group, topic, wiring, envelope } = await lab()
      const stands = await real.bindStranger(topic)
      await broker.publish([envelope()])
      await broker.declare(wiring)
      await connect().declare(wiring)
      const bindings = async () => (await broker.inspect()).bindings.filter((binding) => binding.group === group)
      expect(await bindings()).toEqual([{ topic, group }])
      expect((await depth(broker, group)).visible).toBe(1)
      await broker.declare({ ...wiring, groups: [{ group, types: [], topics: [] }] })
      expect(await bindings()).toEqual([])
      await broker.publish([envelope()])
      expect((await depth(broker, group)).visible).toBe(1)
      await broker.declare({ ...wiring, groups: [] })
      expect(await stands()).toBe(true)
      await broker.declare(wiring)
      await broker.publish([envelope()])
      expect((await depth(broker, group)).visible).toBe(2)
    })

    test('B22 inspect counts what waits and what is in flight', async () => {
      const { broker, group, envelopes } = await lab()
      await broker.publish(envelopes(7))
      expect(await depth(broker, group)).toEqual({ group, visible: 7, inFlight: 0, delayed: 0, deadLetters: 0 })
      const holder = await consume(broker, group, () => new Promise(() => undefined))
      await until('all are in hand', () => holder.subscription.inHand() === 7)
      expect(await depth(broker, group)).toMatchObject({ visible: 0, inFlight: 7 })
    })

    test('B22 inspect rejects with BrokerUnavailable where the broker does not answer', async () => {
      const { broker } = await lab()
      await real.kill()
      await expect(broker.inspect()).rejects.toBeInstanceOf(BrokerUnavailable)
      await real.restart()
    })
  })
}
