import { afterEach, expect, test } from 'vitest'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { contentsFrom } from '#contracts/events/exact-texts.ts'
import { createDecoder, type Decoder, Undecodable } from './decode.ts'

const type = (schema: Record<string, unknown>, version = 1): EventTypeDefinition => ({
  ...{ name: 'parcel_seen', topic: 'parcel_seen', version, schema, example: {}, builtIn: false },
})
const envelope = (body: string, version = 1) => ({
  ...{ id: 'producer-1:1:parcel_seen:1', type: 'parcel_seen', topic: 'parcel_seen', version, body },
  ...{ time: new Date(0).toISOString(), traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01` },
})
const decoders: Decoder[] = []
function open(limits: Parameters<typeof createDecoder>[0] = {}): Decoder {
  const decoder = createDecoder({ deadlineMs: 30_000, ...limits })
  decoders.push(decoder)
  return decoder
}
afterEach(async () => {
  await Promise.all(decoders.splice(0).map((decoder) => decoder.close()))
})

test('a message is checked against the schema that a user gave its version', async () => {
  const { decode } = open()
  const schema = { type: 'object', properties: { sum: { multipleOf: 0.01 }, more: true, none: false } }
  expect(await decode(envelope('{"sum":4.35,"more":[]}'), undefined, type(schema))).toEqual({ sum: 4.35, more: [] })
  await expect(decode(envelope('{"sum":4.355}'), undefined, type(schema))).rejects.toThrow(Undecodable)
  await expect(decode(envelope('{"none":1}'), undefined, type(schema))).rejects.toThrow('/none')
  // Checked against the version that it names, not against the newest.
  expect(await decode(envelope('{"none":1}', 2), undefined, type({}, 2))).toEqual({ none: 1 })
  await expect(decode(envelope('{"none":1}', 1), undefined, type({}, 2))).rejects.toThrow(Undecodable)
})

test('numbers beyond 2^53 are checked by every digit, and come out as JavaScript has them', async () => {
  const { decode } = open()
  const { schema, exact } = contentsFrom('{"properties":{"id":{"const":9007199254740993}}}', '{}')
  const exactType = { ...type(schema), ...(exact ? { exact } : {}) }
  expect(await decode(envelope('{"id":9007199254740993}'), undefined, exactType)).toEqual({ id: 2 ** 53 })
  await expect(decode(envelope('{"id":9007199254740992}'), undefined, exactType)).rejects.toThrow(
    '/id must be 9007199254740993',
  )
})

test('a schema that switches validation off, or cannot be used, lets nothing through and ends nothing', async () => {
  const { decode } = open()
  await expect(decode(envelope('{}'), undefined, type({ $async: true }))).rejects.toThrow('/$async')
  await expect(decode(envelope('{}', 2), undefined, type({ $ref: '#/$defs/none' }, 2))).rejects.toThrow('leads nowhere')
  expect(await decode(envelope('{}', 3), undefined, type({}, 3))).toEqual({})
})

test('a schema that takes too long is an error that may be retried, and the next message is handled', async () => {
  const { decode } = open({ deadlineMs: 300, waitMs: 60_000 })
  const doubled = Array.from({ length: 40 }, (_, level) => {
    const below = { $ref: `#/$defs/d${level}` }
    return [`d${level + 1}`, { allOf: [below, { ...below, title: 'again' }] }] as const
  })
  const schema = { $ref: '#/$defs/d40', $defs: { d0: { type: 'object' }, ...Object.fromEntries(doubled) } }
  const costly = decode(envelope('{}'), undefined, type(schema))
  await expect(costly).rejects.toThrow('longer than 300 ms')
  await expect(costly).rejects.not.toThrow(Undecodable)
})
