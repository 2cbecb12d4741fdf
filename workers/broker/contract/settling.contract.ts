import { expect, test } from 'vitest'
import { headersOf } from '#contracts/events/envelope.ts'
import type { Confirmation, Settlement } from '../broker.ts'
import { type DeadLetterMetadata, deathHeader } from '../dead-letter-metadata.ts'
import { ack, type ContractBench, until } from './bench.contract.ts'

/** Settling: B10 to B17. */
export function settlingRules(bench: ContractBench): void {
  const { connect, lab, consume, depth, waitingIn, stops } = bench

  test('B10 an acked message is not seen again', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(25))
    const consumer = await consume(broker, group)
    await until('the queue is empty', async () => (await waitingIn(broker, group)) === 0)
    expect(consumer.seen.length).toBe(25)
  })

  test('B11 a retried message is seen again with attempt + 1, not before it is due, in each mode of the broker', async () => {
    for (const mode of bench.real.retryModes) {
      const { broker, group, envelope } = await lab()
      const sent = envelope({ key: 'a key' })
      await broker.publish([sent])
      const decidedAt: number[] = []
      const consumer = await consume(broker, group, (deliveries) =>
        deliveries.map(({ attempt }) => {
          decidedAt.push(Date.now())
          return attempt < 3 ? { kind: 'retry', delayMs: 1_100, mode } : { kind: 'ack' }
        }),
      )
      await until(`third attempt, ${mode}`, () => consumer.seen.length === 3)
      expect(consumer.seen.map((delivery) => delivery.attempt)).toEqual([1, 2, 3])
      for (const [index, delivery] of consumer.seen.entries()) {
        expect(delivery).toMatchObject({ envelope: sent, topic: sent.topic, headers: headersOf(sent) })
        const before = decidedAt[index - 1]
        if (before !== undefined) expect(delivery.receivedAt - before).toBeGreaterThanOrEqual(1_100)
      }
      await until(`nothing is left, ${mode}`, async () => (await waitingIn(broker, group)) === 0)
    }
  })

  test('B11 a mode that the broker lacks is as good as its nearest', async () => {
    const { broker, group, envelope } = await lab()
    await broker.publish([envelope()])
    const modes = ['blocking', 'retry-topic', 'visibility-timeout'] as const
    const consumer = await consume(broker, group, (deliveries) =>
      deliveries.map(({ attempt }) => {
        const mode = modes[attempt - 1]
        return mode ? { kind: 'retry', delayMs: 0, mode } : { kind: 'ack' }
      }),
    )
    await until('fourth attempt', () => consumer.seen.length === 4)
    expect(consumer.seen.map((delivery) => delivery.attempt)).toEqual([1, 2, 3, 4])
    await until('nothing is left', async () => (await waitingIn(broker, group)) === 0)
  })

  test('B12 a released message is there again at once', async () => {
    const { broker, group, envelope } = await lab()
    await broker.publish([envelope()])
    const consumer = await consume(broker, group, (deliveries) =>
      deliveries.map(({ receiveCount }) => (receiveCount < 4 ? { kind: 'release' } : { kind: 'ack' })),
    )
    await until('fourth delivery', () => consumer.seen.length >= 4)
    expect(consumer.seen.map((delivery) => delivery.receiveCount)).toEqual([1, 2, 3, 4])
  })

  test('B13 a dead letter keeps body, headers and the reason, and leaves the queue', async () => {
    const { broker, group, topic, envelope } = await lab()
    const sent = envelope({ key: 'k', tracestate: 'vendor=1' })
    await broker.publish([sent])
    await bench.real.inject(group, 'no event at all', {})
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
    const letters = await bench.real.deadLetters(group)
    const noteOf = (body: string) => {
      const letter = letters.find((candidate) => candidate.body === body)
      return { letter, note: JSON.parse(letter?.headers[deathHeader] ?? 'null') as DeadLetterMetadata }
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

  test('B15 what a dead worker had in flight is delivered to another', async () => {
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

  test('B16 a message in flight is not delivered again while its handler runs', async () => {
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
    await until('it is in flight', () => slow.seen.length === 1)
    const other = await consume(connect(), group)
    // Five seconds are more than twice the two that a message stays hidden here.
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    expect([slow.seen.length, other.seen.length]).toEqual([1, 0])
    free()
    await until('the queue is empty', async () => (await waitingIn(broker, group)) === 0)
    expect([slow.seen.length, other.seen.length]).toEqual([1, 0])
  })

  test('B17 onSettled reports for each delivery what the broker confirmed', async () => {
    const { broker, group, envelopes } = await lab()
    const settled: [string | undefined, Settlement['kind'] | undefined, Confirmation | undefined][] = []
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
            settled.push([delivery.envelope?.id, settlements[index]?.kind, confirmed[index]])
          }
        },
      },
    )
    await until('20 acks', () => settled.filter(([, kind]) => kind === 'ack').length === 20)
    expect(settled.every(([, , confirmed]) => confirmed === true)).toBe(true)
    expect(new Set(settled.filter(([, kind]) => kind === 'ack').map(([id]) => id)).size).toBe(20)
  })

  test('B26 what is withheld is in flight no more, settles nothing and is seen again', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(12))
    let withholding = true
    const consumer = await consume(broker, group, (deliveries) =>
      deliveries.map(() => (withholding ? { kind: 'withheld' } : { kind: 'ack' })),
    )
    await until('all were handled', () => consumer.distinct() === 12)
    await until('none is in flight', () => consumer.subscription.inHand() === 0)
    withholding = false
    expect(await waitingIn(broker, group)).toBe(12)
    await until('all were settled', async () => (await waitingIn(broker, group)) === 0)
    expect(consumer.seen.length).toBeGreaterThanOrEqual(24)
  })
}
