import { expect, test } from 'vitest'
import { type ContractBench, until } from './bench.contract.ts'

/** Publishing: B1 to B5, and B28. */
export function publishingRules(bench: ContractBench): void {
  const { connect, lab, consume, waitingIn, open } = bench

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
    await bench.real.kill()
    await bench.real.restart()
    for (const group of groups) {
      const consumer = await consume(broker, group)
      await until(`${group} has all`, () => consumer.distinct() === sent.length)
    }
  })

  test('B3 a broker that refuses connections gives failed, and the message is never delivered', async () => {
    const { broker, group, envelope, wiring } = await lab()
    await bench.real.kill()
    // A connection that was open before may take the bytes and break: then nobody can tell. This one has none.
    const outcomes = await connect().publish([envelope()])
    await bench.real.restart()
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
    const deaf = bench.real.connectWithoutAnswers()
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

  test('B5 attributes and key count to the size of a message', async () => {
    const { broker, envelope } = await lab()
    const body = JSON.stringify('x'.repeat(262_144 - 1_000))
    const [fits, not] = await broker.publish([
      envelope({ body }),
      envelope({ body: JSON.stringify('x'.repeat(1_100_000)), key: 'k' }),
    ])
    expect([fits?.state, not?.state]).toEqual(['acked', 'failed'])
    expect(not?.state === 'failed' && not.error.message).toMatch(/^the message has [\d,]+ bytes with its /)
  })

  test('B28 a key that not every broker carries is failed before anything is sent, and its neighbours are taken', async () => {
    const { broker, group, envelope } = await lab()
    const keys = ['a\ud83d', 'a\u0000', '\uffff', '', 'x'.repeat(257), '\ud83d\ude00']
    const sent = [envelope(), ...keys.map((key) => envelope({ key })), envelope()]
    const outcomes = await broker.publish(sent)
    const states = ['acked', 'failed', 'failed', 'failed', 'failed', 'failed', 'acked', 'acked']
    expect(outcomes.map(({ state }) => state)).toEqual(states)
    expect(outcomes.flatMap((outcome) => (outcome.state === 'failed' ? outcome.error.type : []))).toEqual(
      Array(5).fill('InvalidKey'),
    )
    const consumer = await consume(broker, group)
    const taken = sent.filter((_, index) => states[index] === 'acked').map(({ id }) => id)
    await until('the others are delivered', () => consumer.distinct() === taken.length)
    expect(consumer.ids().sort()).toEqual(taken.sort())
  })

  test('B28 what cannot be written as a request is never indeterminate', async () => {
    const { broker, envelope } = await lab()
    const outcomes = await broker.publish([envelope(), envelope({ tracestate: 'a\ud83d' }), envelope()])
    expect([outcomes[0]?.state, outcomes[2]?.state]).toEqual(['acked', 'acked'])
    expect(outcomes[1]).toMatchObject({ state: 'failed', error: { type: 'InvalidText' } })
  })

  test('B5 large messages that fit alone but not together are all taken', async () => {
    const { broker, group, envelope } = await lab()
    const sent = Array.from({ length: 12 }, () => envelope({ body: JSON.stringify('é'.repeat(50_000)) }))
    const outcomes = await broker.publish(sent)
    expect(outcomes.every((outcome) => outcome.state === 'acked')).toBe(true)
    const consumer = await consume(broker, group)
    await until('all arrived', () => consumer.distinct() === sent.length)
  })
}
