import { Parser } from '@asyncapi/parser'
import { expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { compileSchema } from '#contracts/schemas/compile-schema.ts'
import { initialLab } from '../lab/declared-lab.ts'
import { asyncApiOf } from './async-api.ts'

const place = { type: 'object', properties: { city: { type: 'string' }, next: { $ref: '#/$defs/place' } } }
const hostile: Record<string, Record<string, unknown>> = {
  trip_booked: { type: 'object', $defs: { place }, properties: { to: { $ref: '#/$defs/place' } } },
  recursive: { type: 'object', properties: { self: { $ref: '#' }, list: { type: 'array', items: { $ref: '#' } } } },
  anchored: { $defs: { p: { $anchor: 'here', type: 'object' } }, properties: { to: { $ref: '#here' } } },
  boolean: {
    properties: { any: true, none: false, list: { type: 'array', items: true } },
    additionalProperties: false,
  },
  impossible: { not: {} },
  empty: {},
  dynamic: { $dynamicAnchor: 'node', properties: { next: { $dynamicRef: '#node' } }, unevaluatedProperties: false },
  escaped: { $defs: { 'a/b~c d%': { type: 'string' } }, properties: { x: { $ref: '#/$defs/a~1b~0c%20d%25' } } },
  named: {
    $id: 'https://example.com/order',
    $defs: {
      item: { $id: 'item', $defs: { sku: { $anchor: 'sku', type: 'string' } }, properties: { sku: { $ref: '#sku' } } },
    },
    properties: {
      item: { $ref: 'item' },
      sku: { $ref: 'item#/$defs/sku' },
      again: { $ref: 'https://example.com/order' },
    },
  },
  old: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: { p: { type: 'object' } },
    properties: { to: { $ref: '#/definitions/p' } },
    dependencies: { to: ['by'] },
  },
  of_2019: {
    $schema: 'https://json-schema.org/draft/2019-09/schema',
    $recursiveAnchor: true,
    properties: { next: { $recursiveRef: '#' } },
  },
  literal: {
    properties: { $ref: { type: 'string' }, a: { default: { $ref: '#/nowhere' }, enum: [{ $ref: 'x' }, 1] } },
  },
}
const typeOf = (name: string): EventTypeDefinition => ({
  ...{ name, topic: name, version: 1, schema: hostile[name] ?? {}, builtIn: false },
  example: name === 'literal' ? { $ref: '#/nowhere' } : {},
})

it('is a document that the official parser takes, whatever schemas the types have', async () => {
  const lab = defaultLab
  const types = [...builtInEventTypes, ...Object.keys(hostile).map(typeOf)]
  for (const [name, schema] of Object.entries(hostile)) {
    expect([name, compileSchema(schema, { allErrors: true })]).toMatchObject([name, { ok: true }])
  }
  const made = asyncApiOf(lab, initialLab({ ...lab, events: types }), { version: '1.0.0', brokerUrl: 'http://b:4566' })
  // As it goes over the wire.
  const { document, diagnostics } = await new Parser().parse(JSON.parse(JSON.stringify(made)))
  const errors = diagnostics.filter(({ severity }) => severity === 0)
  expect(errors.map(({ path, message }) => `${path.join('/')}: ${message}`)).toEqual([])
  const messages = document?.components().messages()
  expect(
    messages
      ?.all()
      .map((message) => message.name())
      .sort(),
  ).toEqual(types.map(({ name }) => name).sort())
  const schemaOf = (name: string): unknown =>
    messages?.get(name)?.json<{ payload?: { schema?: unknown } }>().payload?.schema
  expect(schemaOf('trip_booked')).toMatchObject({ properties: { to: { properties: { city: { type: 'string' } } } } })
  expect(schemaOf('named')).toMatchObject({
    properties: { item: { properties: { sku: { type: 'string' } } }, sku: { type: 'string' } },
  })
})
