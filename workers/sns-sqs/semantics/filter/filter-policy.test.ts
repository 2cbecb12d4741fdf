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
    ['a number is not text', { size: ['5'] }, { size: number('5') }, false],
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
    ['wildcard', { type: [{ wildcard: 'order_*_v*' }] }, { type: text('order_placed_v2') }, true],
    ['wildcard, pieces that overlap', { type: [{ wildcard: 'ab*bc' }] }, { type: text('abc') }, false],
    ['wildcard, none', { type: [{ wildcard: 'abc' }] }, { type: text('abcd') }, false],
    ['anything-but suffix', { type: [{ 'anything-but': { suffix: 'z' } }] }, { type: text('az') }, false],
    ['anything-but wildcard', { type: [{ 'anything-but': { wildcard: 'a*z' } }] }, { type: text('abz') }, false],
    [
      'anything-but, any case',
      { type: [{ 'anything-but': { 'equals-ignore-case': ['A', 'B'] } }] },
      { type: text('b') },
      false,
    ],
    ['anything-but a number', { size: [{ 'anything-but': [1, 2] }] }, { size: number('3') }, true],
    ['cidr of version 6', { ip: [{ cidr: '2001:db8::/32' }] }, { ip: text('2001:db8::1') }, true],
    ['cidr', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.0.200') }, true],
    ['cidr, outside', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.1.1') }, false],
    ['$or, second', { $or: [{ type: ['a'] }, { size: [1] }] }, { size: number('1') }, true],
    ['$or, none', { $or: [{ type: ['a'] }, { size: [1] }] }, { size: number('2') }, false],
    ['an array, by element', { tags: ['x'] }, { tags: list('["y","x"]') }, true],
    ['an array that is none', { tags: ['x'] }, { tags: list('x') }, false],
    ['an array that is a single value', { sizes: [100] }, { sizes: list('100') }, true],
    ['numbers agree to six digits', { size: [100.123456789] }, { size: number('100.1234567') }, true],
    ['numbers differ in the sixth', { size: [100.123456] }, { size: number('100.123457') }, false],
    ['numbers that no double has', { size: [8.2] }, { size: number('8.199999') }, false],
    ['the same number', { size: [8.2, 2.01] }, { size: number('2.01') }, true],
    ['a bound that no double has', { size: [{ numeric: ['<', 8.2] }] }, { size: number('8.199999') }, true],
    ['a bound met', { size: [{ numeric: ['>', 4.099999, '<=', 4.1] }] }, { size: number('4.1') }, true],
    ['one digit below a bound', { size: [{ numeric: ['>=', 2.01] }] }, { size: number('2.009999') }, false],
    ['the greatest number', { size: [999999999.999999] }, { size: number('999999999.999998') }, false],
    ['a bound to six digits', { size: [{ numeric: ['<=', 1.0000001] }] }, { size: number('1.0000009') }, true],
    ['anything but it, to six digits', { size: [{ 'anything-but': 1 }] }, { size: number('1.0000001') }, false],
    ['a name that every object has', { toString: [{ exists: true }] }, {}, false],
  ])('%s', (_title, policy, attributes, expected) => {
    expect(passes(policy, attributes)).toBe(expected)
  })

  test.each([
    ['not JSON', '{'],
    ['a value that is not a list', '{"a":"b"}'],
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

  test('dots are levels or parts of a name, in the policy as in the body', () => {
    expect(matches({ 'a.b': ['x'] }, { a: { b: 'x' } })).toBe(true)
    expect(matches({ 'a.b': ['x'] }, { 'a.b': 'x' })).toBe(true)
    expect(matches({ a: { 'b.c': ['x'] } }, { 'a.b': { c: 'x' } })).toBe(true)
    expect(matches({ 'a.b': ['x'] }, { a: { c: 'x' } })).toBe(false)
  })

  test('a body that is not an object passes nothing', () => {
    for (const body of [[{ a: 'x' }], 'a', 1, null]) expect(matches({ a: ['x'] }, body)).toBe(false)
  })

  test('an object is not a value, and one that is deep costs nothing', () => {
    expect(matches({ a: [{ exists: true }] }, { a: { b: 1 } })).toBe(false)
    const deep = `{"a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`
    expect(compileFilterPolicy('{"a":[1]}', 'MessageBody')({}, deep)).toBe(false)
    expect(() => compileFilterPolicy(`${'{"a":'.repeat(20_000)}[1]${'}'.repeat(20_000)}`, 'MessageBody')).toThrow(
      /complex/,
    )
  })

  test('nested keys count their depth in the complexity, $or the sum of its branches', () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)
    expect(() => matches({ a: { b: { c: values(50) } } }, {})).not.toThrow()
    expect(() => matches({ a: { b: { c: values(51) } } }, {})).toThrow(/complex/)
    expect(() => matches({ $or: [{ a: values(75) }, { b: values(75) }] }, {})).not.toThrow()
    expect(() => matches({ $or: [{ a: values(76) }, { b: values(75) }] }, {})).toThrow(/complex/)
  })

  test('a body that is not a JSON object passes no filter', () => {
    expect(compileFilterPolicy('{"a":[{"exists":false}]}', 'MessageBody')({}, 'plain')).toBe(false)
  })
})
