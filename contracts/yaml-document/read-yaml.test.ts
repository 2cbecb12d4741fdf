import { expect, test } from 'vitest'
import { z } from 'zod'
import { writeJson } from '../events/exact-json.ts'
import { closestName } from './closest-name.ts'
import { problemInWords } from './file-problem.ts'
import { maxFileLength, readYaml } from './read-yaml.ts'
import { readBySchema } from './schema-problems.ts'

const wordsOf = (text: string): string[] => readYaml(text).problems.map(problemInWords)

test('a value, its key, and what is missing each have a place', () => {
  const document = readYaml('a: 1\nlist:\n  - { x: 1 }\n  - { x: 2, "y/z": 3 }\n')
  expect(document.value).toEqual({ a: 1, list: [{ x: 1 }, { x: 2, 'y/z': 3 }] })
  expect(document.problemAt(['list', 1, 'x'], 'c', 'r')).toEqual({
    line: 4,
    column: 10,
    path: '/list/1/x',
    cause: 'c',
    remedy: 'r',
  })
  expect(document.problemAt(['list', 1, 'y/z'], 'c', '', 'key')).toMatchObject({
    line: 4,
    column: 13,
    path: '/list/1/y~1z',
  })
  expect(document.problemAt(['list', 1, 'no', 'thing'], 'c', '')).toMatchObject({ line: 4, column: 5 })
  expect(document.problemAt(['nothing'], 'c', '')).toMatchObject({ line: 1, column: 1 })
})

test('an alias is looked through, and a merged value is at the place where it is merged', () => {
  const document = readYaml('base: &b { x: 1 }\nuse: *b\nmerged:\n  <<: *b\n  y: 2\n')
  expect(document.value).toMatchObject({ use: { x: 1 }, merged: { x: 1, y: 2 } })
  expect(document.problemAt(['use', 'x'], 'c', '')).toMatchObject({ line: 1, column: 15 })
})

test('a key that no door takes is refused at its place, wherever it is, and text that says it is not', () => {
  expect(
    wordsOf('a: { "__proto__": 1 }\nb:\n  - \'__proto__\': { x: 1 }\nc: __proto__\nd: { constructor: 1 }\n'),
  ).toEqual([
    '1:6: __proto__ is a name that would reach the prototype of an object; rename it',
    '3:5: __proto__ is a name that would reach the prototype of an object; rename it',
  ])
})

test.each([
  ['a tab', 'a:\n\tb: 1\n', /^2:1: .*; indent with spaces$/],
  ['a key twice', 'a: 1\na: 2\n', /^2:1: a is here twice; keep one of them$/],
  ['a quoted key twice', '"a b": 1\n"a b": 2\n', /^2:1: "a b" is here twice; keep one of them$/],
  [
    'a long key twice',
    `${'a'.repeat(80)}: 1\n${'a'.repeat(80)}: 2\n`,
    /^2:1: this key is here twice; keep one of them$/,
  ],
  ['two documents', 'a: 1\n---\nb: 2\n', /keep one document/],
  ['an open quote', 'a: "x\n', /^\d+:\d+: missing closing/],
  ['a tag', 'a: !!js/function "x"\n', /leave the tag out/],
])('%s is a problem with a place and a remedy', (_, text, wanted) => {
  expect(wordsOf(text).join('\n')).toMatch(wanted)
})

test('a key that is there twice has its last value, at the place of that', () => {
  const document = readYaml('a: 1\nb: [2]\na:\n  c: 3\n')
  expect(document.value).toEqual({ a: { c: 3 }, b: [2] })
  expect(document.problemAt(['a', 'c'], 'c', '')).toMatchObject({ line: 4, column: 6 })
})

test('a few lines that would grow to gigabytes are refused', () => {
  const rows = Array.from(
    { length: 12 },
    (_, row) => `a${row + 1}: &a${row + 1} [${Array(9).fill(`*a${row}`).join(', ')}]`,
  )
  const document = readYaml(`a0: &a0 [x, x]\n${rows.join('\n')}\n`)
  expect(document.value).toBeUndefined()
  expect(document.problems.map(problemInWords)).toEqual([
    '1:1: its aliases represent more than 1000 values; write the values out',
  ])
})

test.each([
  [
    'a merge of a number',
    'a:\n  <<: 5\n',
    '2:7: only groups of keys can be merged; write <<: *name of a group, or put << in quotes',
  ],
  [
    'a merge of nothing',
    'a:\n  <<:\n',
    '2:6: only groups of keys can be merged; write <<: *name of a group, or put << in quotes',
  ],
  [
    'a merge of a list of texts',
    'a:\n  <<: [x]\n',
    '2:8: only groups of keys can be merged; write <<: *name of a group, or put << in quotes',
  ],
  [
    'a merge of an alias of a text',
    'b: &b x\na: { <<: *b }\n',
    '2:10: only groups of keys can be merged; write <<: *name of a group, or put << in quotes',
  ],
  [
    'a group that holds itself',
    'x: { data: &a { y: *a } }\n',
    '1:20: *a is within what it refers to; write the value out',
  ],
  ['a list that holds itself', 'after: &a [*a]\n', '1:12: *a is within what it refers to; write the value out'],
  [
    'a group that is merged into itself',
    'a: &a { <<: *a }\n',
    '1:13: *a is within what it refers to; write the value out',
  ],
  [
    'a key that refers to what it is a key of',
    '&a { ? [*a] : 1 }\n',
    '1:9: *a is within what it refers to; write the value out',
  ],
  [
    'itself by two ways',
    'a: &a\n  b: &b { c: 1, d: *b }\n  e: [*b]\n',
    '2:20: *b is within what it refers to; write the value out',
  ],
])('%s is a problem with a place', (_, text, wanted) => {
  const document = readYaml(text)
  expect(document.problems.map(problemInWords)).toEqual([wanted])
  expect(document.value).toBeUndefined()
})

test('an anchor that is given twice, and a merge of several groups, are read', () => {
  expect(readYaml('x: &a { y: 1 }\nz: &a { y: &a 2, w: *a }\nm: { <<: [*a], "<<": 3 }\n').problems).toHaveLength(1)
  const document = readYaml('x: &a { y: 1 }\nz: &b { y: &c 2, w: *c }\nm: { <<: [*a, *b] }\nq: { "<<": 3 }\n')
  expect(document.problems).toEqual([])
  expect(document.value).toMatchObject({ z: { y: 2, w: 2 }, m: { y: 1, w: 2 }, q: { '<<': 3 } })
})

test('whatever is written, reading it does not throw, and what was read can be walked through', () => {
  const parts = [
    '&a ',
    '*a',
    '&b ',
    '*b',
    '{ ',
    ' }',
    '[',
    ']',
    'k: ',
    '<<: ',
    ', ',
    '? ',
    ': ',
    '1',
    '!!set ',
    '\n',
    '- ',
    '%YAML 1.1\n---\n',
    '!!omap ',
  ]
  let seed = 1
  const next = (): number => {
    seed = (Math.imul(seed, 48_271) >>> 0) % 2_147_483_647
    return seed
  }
  for (let round = 0; round < 4_000; round += 1) {
    const text = Array.from({ length: 2 + (next() % 14) }, () => parts[next() % parts.length]).join('')
    const document = readYaml(text)
    if (document.problems.length === 0) expect(() => JSON.stringify(document.value), text).not.toThrow()
    expect(() => document.problemAt(['k', 0, '<<'], 'c', ''), text).not.toThrow()
  }
})

test('a file that is too long or nested too deep is refused, not read', () => {
  expect(wordsOf(`a: ${'x'.repeat(maxFileLength)}`)[0]).toMatch(/at most 200000 are read/)
  for (const level of ['[', '{ a: ', '- ', '? '])
    expect(wordsOf(level.repeat(30_000))).toEqual([expect.stringContaining('nested too deep')])
  const steps = Array.from({ length: 500 }, (_, column) => `${' '.repeat(column)}a:`).join('\n')
  expect(wordsOf(steps)).toEqual([expect.stringContaining('nested too deep')])
  expect(wordsOf(Array.from({ length: 150 }, (_, column) => `${' '.repeat(column)}a:`).join('\n'))).toEqual([])
  expect(wordsOf(`a: ${'['.repeat(90)}${']'.repeat(90)}`)).toEqual([])
  expect(wordsOf('a: "\n'.repeat(5_000)).length).toBeLessThan(50)
  expect(readYaml('').value ?? undefined).toBeUndefined()
  expect(Object.getPrototypeOf(readYaml('__proto__: { polluted: yes }').value)).toBe(Object.prototype)
})

test('problems of a schema name what is known, what is near and what is missing', () => {
  const schema = z.strictObject({
    color: z.enum(['red', 'green']),
    size: z.int(),
    name: z.string().regex(/^[a-z]+$/, 'is not a name; use letters'),
    either: z.union([z.enum(['any']), z.array(z.string())]).optional(),
  })
  const document = readYaml('colour: red\nname: X1\nsize: big\neither: [1]\n')
  const { problems } = readBySchema(schema, document.value, document)
  expect(problems.map(problemInWords).sort()).toEqual(
    [
      '1:1 /colour: "colour" is not known here; did you mean color?',
      '1:1 /color: "color" is missing; write one of red, green',
      '2:7 /name: is not a name; use letters',
      '3:7 /size: "big" is not a number; write a number',
      '4:10 /either/0: 1 is not text; write text',
    ].sort(),
  )
})

test('the closest name is near, whatever its case, and nothing far is suggested', () => {
  expect(closestName('proces.kil', ['process.kill', 'link.down'])).toBe('process.kill')
  expect(closestName('LinkDown', ['process.kill', 'link.down'])).toBe('link.down')
  expect(closestName('laitency', ['latency'])).toBe('latency')
  expect(closestName('zebra', ['process.kill'])).toBeUndefined()
  expect(closestName('', ['process.kill'])).toBeUndefined()
})

test('a number keeps every digit, also behind an anchor; a key is text, and what JavaScript has room for is a number', () => {
  const { value } = readYaml(
    'a: &a 820000000000000508\nb: *a\nc: [0.10000000000000000001, 1e400, 1.10]\n820000000000000508: 7\nd: "820000000000000508"\n',
  )
  expect(writeJson(value)).toBe(
    '{"a":820000000000000508,"b":820000000000000508,"c":[0.10000000000000000001,1e400,1.1],"820000000000000508":7,"d":"820000000000000508"}',
  )
  const number = z.object({ a: z.number() })
  const document = readYaml('a: 820000000000000508')
  expect(readBySchema(number, document.value, document).problems).toMatchObject([
    { path: '/a', cause: '820000000000000508 is not a number', remedy: 'write a number' },
  ])
})
