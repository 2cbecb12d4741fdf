import { CloudEvent, HTTP } from 'cloudevents'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headerValueText, textOfHeader } from './header-text.ts'
import { InvalidCloudEvent, readEvents } from './read-events.ts'

const read = (headers: Record<string, string>, body: string | Buffer) =>
  readEvents({ headers, body: Buffer.isBuffer(body) ? body : Buffer.from(body) })
const structured = (text: string) => read({ 'content-type': 'application/cloudevents+json; charset=utf-8' }, text)
const batch = (text: string) => read({ 'content-type': 'application/cloudevents-batch+json' }, text)
const attributes = '"specversion":"1.0","id":"1","source":"/a","type":"paid"'
const binary = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/a', 'ce-type': 'paid' }

test('any text survives a header, which is printable ASCII', () => {
  expect(headerValueText('Euro € 😀 "50%"')).toBe('Euro%20%E2%82%AC%20%F0%9F%98%80%20%2250%25%22')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const header = headerValueText(text)
      expect(header).toMatch(/^[\x21-\x7e]*$/)
      expect(textOfHeader(header)).toBe(text)
    }),
  )
})

test('a header in quotes, in bytes of UTF-8, or with a bare % is read as well', () => {
  expect(textOfHeader('"a \\"b\\""')).toBe('a "b"')
  expect(textOfHeader(Buffer.from('é').toString('latin1'))).toBe('é')
  expect(textOfHeader('50%')).toBe('50%')
})

test('data keeps its text in each mode: digits, spaces and order', () => {
  const data = '{ "b": 1.0,"a":12345678901234567890, "t": "]}\\",[" }'
  expect(read(binary, data)).toEqual([{ id: '1', type: 'paid', data }])
  expect(structured(`{"data" : ${data} ,${attributes}}`)).toEqual([{ id: '1', type: 'paid', data }])
  expect(batch(` [ {${attributes},"data":${data}} , {"data":[1, 2],${attributes}} ] `)).toEqual([
    { id: '1', type: 'paid', data },
    { id: '1', type: 'paid', data: '[1, 2]' },
  ])
  expect(batch('[]')).toEqual([])
})

test('data in base64, and the extensions that the lab knows', () => {
  const base64 = Buffer.from('{"a":1}').toString('base64')
  expect(structured(`{${attributes},"data_base64":"${base64}","partitionkey":"k","causationid":"c"}`)).toEqual([
    { id: '1', type: 'paid', data: '{"a":1}', key: 'k', causationId: 'c' },
  ])
  expect(read({ ...binary, 'ce-partitionkey': 'stra%C3%9Fe', 'ce-traceparent': '00-a-b-01' }, '1')).toEqual([
    { id: '1', type: 'paid', data: '1', key: 'straße', traceparent: '00-a-b-01' },
  ])
})

test('what the SDK for JavaScript writes is read, in both modes', () => {
  const event = new CloudEvent({ id: 'x', source: '/s', type: 'paid', data: { orderId: 'A-1' } })
  for (const { headers, body } of [HTTP.binary(event), HTTP.structured(event)]) {
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
    expect(read(Object.fromEntries(lower), String(body))).toMatchObject([
      { id: 'x', type: 'paid', data: '{"orderId":"A-1"}' },
    ])
  }
})

test('an answer that is no CloudEvent is none', () => {
  expect(read({ 'content-type': 'text/html' }, 'ok')).toBeUndefined()
  expect(read({}, '')).toBeUndefined()
})

test.each([
  ['another version', () => read({ ...binary, 'ce-specversion': '0.3' }, '{}'), 'specversion is "0.3"'],
  ['no version', () => read({ 'ce-type': 'paid' }, '{}'), 'specversion is missing'],
  ['no id', () => read({ ...binary, 'ce-id': '' }, '{}'), 'the attribute id is missing'],
  ['no source', () => structured('{"specversion":"1.0","id":"1","type":"paid","data":1}'), 'source is missing'],
  ['a type that is not text', () => structured(`{${attributes},"type":7,"data":1}`), 'type is not a string'],
  ['no data', () => structured(`{${attributes}}`), 'no data'],
  ['no body', () => read(binary, ''), 'no data'],
  ['data twice', () => structured(`{${attributes},"data":1,"data_base64":"MQ=="}`), 'one of them'],
  ['data of another kind', () => structured(`{${attributes},"datacontenttype":"text/xml","data":"<a/>"}`), 'text/xml'],
  ['a body that is not JSON', () => read(binary, 'paid'), 'not JSON'],
  ['bytes that are not text', () => read(binary, Buffer.from([0x22, 0xff, 0x22])), 'UTF-8'],
  ['a batch that is not a list', () => batch('{}'), 'array'],
  ['an event that is not an object', () => batch('[1]'), 'object'],
  ['another format', () => read({ 'content-type': 'application/cloudevents+xml' }, '<a/>'), 'send JSON'],
  ['a prototype', () => read(binary, '{"__proto__":{}}'), 'prototype'],
  ['data too deep', () => read(binary, '['.repeat(100) + ']'.repeat(100)), 'deeper'],
])('%s is refused with the reason', (_, attempt, reason) => {
  expect(attempt).toThrow(InvalidCloudEvent)
  expect(attempt).toThrow(reason)
})
