import { expect, test } from 'vitest'
import { jsonPointer, pathOfPointer, pointedAt, pointerOfFragment } from './json-pointer.ts'

/** The document and the answers of RFC 6901, section 5. */
const example = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

test.each<[pointer: string, path: (string | number)[], value: unknown]>([
  ['', [], example],
  ['/foo', ['foo'], ['bar', 'baz']],
  ['/foo/0', ['foo', 0], 'bar'],
  ['/', [''], 0],
  ['/a~1b', ['a/b'], 1],
  ['/c%d', ['c%d'], 2],
  ['/e^f', ['e^f'], 3],
  ['/g|h', ['g|h'], 4],
  ['/i\\j', ['i\\j'], 5],
  ['/k"l', ['k"l'], 6],
  ['/ ', [' '], 7],
  ['/m~0n', ['m~n'], 8],
  ['/items/0/a~1b~0c', ['items', 0, 'a/b~c'], undefined],
])('%j is written, read and followed', (pointer, path, value) => {
  expect(jsonPointer(path)).toBe(pointer)
  expect(pathOfPointer(pointer)).toEqual(path.map(String))
  expect(pointedAt(example, pointer)).toEqual(value)
})

test.each([
  ['~01', ['~01'], '/~001'],
  ['a tilde before an escaped slash', ['~1'], '/~01'],
  ['both', ['~/', '/~'], '/~0~1/~1~0'],
  ['empty segments', ['', '', ''], '///'],
  ['an empty segment at the end', ['a', ''], '/a/'],
])('what is written of %s is read again', (_what, path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer)
  expect(pathOfPointer(pointer)).toEqual(path)
})

test('empty segments lead through members with an empty name', () => {
  expect(pointedAt({ '': { '': { a: 1 } } }, '///a')).toBe(1)
  expect(pointedAt({ a: { '': 2 } }, '/a/')).toBe(2)
})

test('an array has its items alone, by plain indexes', () => {
  const list = [...'abcdefghijk']
  expect([pointedAt({ list }, '/list/0'), pointedAt({ list }, '/list/10')]).toEqual(['a', 'k'])
  for (const index of ['00', '01', '-1', '1.0', '1e0', '+1', ' 1', '', '-', '11', 'length'])
    expect(pointedAt({ list }, `/list/${index}`), index).toBeUndefined()
})

test('what is not there is undefined, whatever stops the way', () => {
  for (const pointer of ['/x', '/foo/2', '/foo/0/length', '/a~1b/c', '/toString', '/__proto__', '/foo/map'])
    expect(pointedAt(example, pointer), pointer).toBeUndefined()
  for (const value of [null, undefined, 'text', 1]) expect(pointedAt(value, '/0')).toBeUndefined()
  expect(pointedAt(null, '')).toBeNull()
})

test('text that does not begin with a slash is not a pointer', () => {
  expect(pathOfPointer('foo/0')).toEqual([])
  expect(pointedAt(example, 'foo')).toBeUndefined()
})

test('a fragment of a URI may be percent-encoded', () => {
  expect(pointerOfFragment('/c%25d')).toBe('/c%d')
  expect(pointerOfFragment('/a~1b/%C3%BC')).toBe('/a~1b/ü')
  expect(pointerOfFragment('/100%')).toBe('/100%')
})
