import { describe, expect, test } from 'vitest'
import type { MessageAttributes } from '../message-attributes.ts'
import { compileFilterPolicy } from './filter-policy.ts'

const text = (StringValue: string) => ({ DataType: 'String', StringValue })
const number = (StringValue: string) => ({ DataType: 'Number', StringValue })
const list = (StringValue: string) => ({ DataType: 'String.Array', StringValue })

const passes = (policy: unknown, attributes: MessageAttributes): boolean =>
  compileFilterPolicy(JSON.stringify(policy), 'MessageAttributes')(attributes, '')

describe('filter policy on attributes', () => {
  test.each<[string, unknown, MessageAttributes, boolean]>([
    ['exact', { type: ['a', 'b'] }, { type: text('b') }, true],
    ['exact, other value', { type: ['a'] }, { type: text('b') }, false],
    ['exact, absent', { type: ['a'] }, {}, false],
    ['exact number', { size: [5] }, { size: number('5.0') }, true],
    ['a number is no text', { size: ['5'] }, { size: number('5') }, false],
    ['all keys must match', { type: ['a'], size: [1] }, { type: text('a') }, false],
    ['prefix', { type: [{ prefix: 'order_' }] }, { type: text('order_placed') }, true],
    ['suffix', { type: [{ suffix: '_placed' }] }, { type: text('order_placed') }, true],
    ['suffix, not', { type: [{ suffix: '_failed' }] }, { type: text('order_placed') }, false],
    ['equals-ignore-case', { type: [{ 'equals-ignore-case': 'ORDER' }] }, { type: text('Order') }, true],
    ['exists', { type: [{ exists: true }] }, { type: text('x') }, true],
    ['exists, absent', { type: [{ exists: true }] }, {}, false],
    ['exists false', { type: [{ exists: false }] }, {}, true],
    ['exists false, present', { type: [{ exists: false }] }, { type: text('x') }, false],
    ['a value or absence', { type: ['a', { exists: false }] }, {}, true],
    ['numeric range', { size: [{ numeric: ['>', 1, '<=', 9] }] }, { size: number('9') }, true],
    ['numeric range, outside', { size: [{ numeric: ['>', 1, '<=', 9] }] }, { size: number('1') }, false],
    ['numeric, not a number', { size: [{ numeric: ['=', 1] }] }, { size: text('1') }, false],
    ['anything-but', { type: [{ 'anything-but': ['a', 'b'] }] }, { type: text('c') }, true],
    ['anything-but, listed', { type: [{ 'anything-but': ['a', 'b'] }] }, { type: text('b') }, false],
    ['anything-but, absent', { type: [{ 'anything-but': 'a' }] }, {}, false],
    ['anything-but prefix', { type: [{ 'anything-but': { prefix: 'a' } }] }, { type: text('ab') }, false],
    ['cidr', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.0.200') }, true],
    ['cidr, outside', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.1.1') }, false],
    ['$or, second', { $or: [{ type: ['a'] }, { size: [1] }] }, { size: number('1') }, true],
    ['$or, none', { $or: [{ type: ['a'] }, { size: [1] }] }, { size: number('2') }, false],
    ['an array, by element', { tags: ['x'] }, { tags: list('["y","x"]') }, true],
    ['an array that is none', { tags: ['x'] }, { tags: list('x') }, false],
    ['a name that every object has', { toString: [{ exists: true }] }, {}, false],
  ])('%s', (_title, policy, attributes, expected) => {
    expect(passes(policy, attributes)).toBe(expected)
  })

  test.each([
    ['not JSON', '{'],
    ['a value that is no list', '{"a":"b"}'],
    ['an empty list', '{"a":[]}'],
    ['an unknown operator', '{"a":[{"like":"x"}]}'],
    ['two operators', '{"a":[{"prefix":"x","suffix":"y"}]}'],
    ['six keys', '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}'],
    ['too many combinations', JSON.stringify({ a: Array(13).fill('x'), b: Array(12).fill('y') })],
  ])('refuses %s', (_title, policy) => {
    expect(() => compileFilterPolicy(policy, 'MessageAttributes')).toThrow(/FilterPolicy/)
  })
})

describe('filter policy on the body', () => {
  const matches = (policy: unknown, body: unknown) =>
    compileFilterPolicy(JSON.stringify(policy), 'MessageBody')({}, JSON.stringify(body))

  test('looks into nested objects and arrays', () => {
    expect(matches({ order: { items: { sku: ['B'] } } }, { order: { items: [{ sku: 'A' }, { sku: 'B' }] } })).toBe(true)
    expect(matches({ order: { items: { sku: ['C'] } } }, { order: { items: [{ sku: 'A' }] } })).toBe(false)
    expect(matches({ paid: [true, null] }, { paid: null })).toBe(true)
    expect(matches({ paid: [{ exists: false }] }, { total: 1 })).toBe(true)
  })

  test('a body that is no JSON object passes no filter', () => {
    expect(compileFilterPolicy('{"a":[{"exists":false}]}', 'MessageBody')({}, 'plain')).toBe(false)
  })
})
