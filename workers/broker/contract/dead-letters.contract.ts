import { expect, test } from 'vitest'
import { headersOf } from '#contracts/events/envelope.ts'
import type { Delivery, Settlement } from '../broker.ts'
import { type ContractBench, until } from './bench.contract.ts'

const bury = (deliveries: Delivery[]): Settlement[] =>
  deliveries.map(({ attempt: attempts }) => ({
    ...{ kind: 'dead-letter', reason: 'max_attempts', attempts },
    error: { type: 'Refused', message: 'no' },
  }))

/** Dead letters: B23 to B25, B27 and B31. */
export function deadLetterRules(bench: ContractBench): void {
  const { lab, consume, depth } = bench

  test('B23 list answers dead letters with body, headers and note, and takes none away', async () => {
    const { broker, group, topic, envelopes } = await lab()
    const sent = envelopes(3)
    await broker.publish(sent)
    await consume(broker, group, bury)
    await until('all are buried', async () => (await depth(broker, group)).deadLetters === 3)
    for (let look = 1; look <= 2; look += 1) {
      const { letters, more } = await broker.deadLetters.list(group, 10)
      expect(more).toBe(false)
      expect(letters.map(({ body }) => body).sort()).toEqual(sent.map(({ body }) => body).sort())
      for (const { headers, note } of letters) {
        const original = sent.find(({ id }) => id === note?.id)
        expect(original && headersOf(original)).toEqual({ ...note?.headers, ...headers })
        expect(note).toMatchObject({ topic, group, reason: 'max_attempts', error: { type: 'Refused' } })
      }
    }
    const { letters, more } = await broker.deadLetters.list(group, 2)
    expect([letters.length, more]).toEqual([2, true])
    expect((await depth(broker, group)).deadLetters).toBe(3)
  })

  test('B27 what another wrote comes among the dead letters, and back, with its text as it is', async () => {
    const { broker, group, topic } = await lab()
    const body = '{ "id":820000000000000508, "sum" :1.10,"all":[1e400,-0,"\\u00e9 é\\ud83d"],"id":1 }'
    const wrote = { ce_specversion: '1.0', ce_id: 'z', ce_type: topic, tag: ' a b ', 'x-1': 'я' }
    await bench.real.inject(group, body, wrote)
    let burying = true
    const consumer = await consume(broker, group, (deliveries) =>
      burying ? bury(deliveries) : deliveries.map(() => ({ kind: 'ack' })),
    )
    await until('it is buried', async () => (await depth(broker, group)).deadLetters === 1)
    burying = false
    const [letter] = (await broker.deadLetters.list(group, 10)).letters
    expect(letter).toMatchObject({ body, headers: wrote })
    expect(await broker.deadLetters.redrive(group, [{ ref: letter?.ref ?? '' }])).toEqual([{ state: 'redriven' }])
    await until('it is back', () => consumer.seen.length === 2)
    for (const delivery of consumer.seen)
      expect(delivery).toMatchObject({ raw: body, headers: wrote, envelope: { body } })
    expect(Object.keys(consumer.seen[1]?.headers ?? {}).sort()).toEqual(Object.keys(wrote).sort())
  })

  test('B24 a redriven dead letter goes back to its group alone, as a first attempt, also with another body', async () => {
    const { broker, groups, envelope } = await lab(2)
    const [one = '', two = ''] = groups
    const sent = envelope({ key: 'k' })
    await broker.publish([sent])
    let burying = true
    const first = await consume(broker, one, (deliveries) =>
      burying ? bury(deliveries) : deliveries.map(() => ({ kind: 'ack' })),
    )
    const second = await consume(broker, two)
    await until('it is buried', async () => (await depth(broker, one)).deadLetters === 1)
    await until('the other has it', () => second.seen.length === 1)
    burying = false
    const [letter] = (await broker.deadLetters.list(one, 10)).letters
    const request = { ref: letter?.ref ?? '', body: '{"n":"mended"}' }
    expect(await broker.deadLetters.redrive(one, [request])).toEqual([{ state: 'redriven' }])
    await until('it is handled again', () => first.seen.length === 2)
    expect(first.seen[1]).toMatchObject({ attempt: 1, receiveCount: 1, envelope: { ...sent, body: request.body } })
    await until('it is not a dead letter any more', async () => (await depth(broker, one)).deadLetters === 0)
    expect(second.seen.length).toBe(1)
  })

  test('B25 a second redrive of a dead letter answers gone, and others stay', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(3))
    let burying = true
    const consumer = await consume(broker, group, (deliveries) =>
      burying ? bury(deliveries) : deliveries.map(() => ({ kind: 'ack' })),
    )
    await until('all are buried', async () => (await depth(broker, group)).deadLetters === 3)
    burying = false
    const { letters } = await broker.deadLetters.list(group, 10)
    const middle = { ref: letters[1]?.ref ?? '' }
    expect(await broker.deadLetters.redrive(group, [middle])).toEqual([{ state: 'redriven' }])
    expect(await broker.deadLetters.redrive(group, [middle, { ref: 'none' }])).toEqual([
      { state: 'gone' },
      { state: 'gone' },
    ])
    expect((await broker.deadLetters.list(group, 10)).letters.length).toBe(2)
    await until('one is handled again', () => consumer.seen.length === 4)
    const rest = [letters[0], letters[2]].map((letter) => ({ ref: letter?.ref ?? '' }))
    expect(await broker.deadLetters.redrive(group, rest)).toEqual([{ state: 'redriven' }, { state: 'redriven' }])
    await until('all are handled again', () => consumer.seen.length === 6)
    expect((await broker.deadLetters.list(group, 10)).letters).toEqual([])
  })

  test('B31 a discarded dead letter leaves for good, and no other with it', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(4))
    const consumer = await consume(broker, group, bury)
    await until('all are buried', async () => (await depth(broker, group)).deadLetters === 4)
    const { letters } = await broker.deadLetters.list(group, 10)
    const [first = '', second = '', third = ''] = letters.map(({ ref }) => ref)
    expect(await broker.deadLetters.discard(group, [second, 'none', first])).toEqual([
      { state: 'discarded' },
      { state: 'gone' },
      { state: 'discarded' },
    ])
    expect(await broker.deadLetters.discard(group, [second])).toEqual([{ state: 'gone' }])
    expect(await broker.deadLetters.redrive(group, [{ ref: first }])).toEqual([{ state: 'gone' }])
    const left = (await broker.deadLetters.list(group, 10)).letters
    expect(left.map(({ body }) => body)).toEqual(letters.slice(2).map(({ body }) => body))
    expect((await depth(broker, group)).deadLetters).toBe(2)
    expect(await broker.deadLetters.discard(group, [third])).toEqual([{ state: 'discarded' }])
    expect((await broker.deadLetters.list(group, 10)).letters).toHaveLength(1)
    expect(consumer.seen).toHaveLength(4)
  })
}
