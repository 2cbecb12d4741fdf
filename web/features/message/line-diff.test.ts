import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineDiff } from './line-diff.ts'

it('names the line that changed, and the characters in it', () => {
  expect(lineDiff('{\n  "name": "Ada\\u0000Lovelace"\n}', '{\n  "name": "Ada Lovelace"\n}')).toEqual([
    { kind: 'same', text: '{' },
    { kind: 'before', text: '  "name": "Ada\\u0000Lovelace"', changed: [14, 20] },
    { kind: 'after', text: '  "name": "Ada Lovelace"', changed: [14, 15] },
    { kind: 'same', text: '}' },
  ])
})

it('loses no line of either text, and changes none', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'ab', ''), { minLength: 1, maxLength: 12 })
    .map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after)
      const of = (kind: 'before' | 'after') =>
        lines.filter((line) => line.kind === 'same' || line.kind === kind).map((line) => line.text)
      expect(of('before').join('\n')).toBe(before)
      expect(of('after').join('\n')).toBe(after)
      if (before === after) expect(lines.every(({ kind }) => kind === 'same')).toBe(true)
    }),
  )
})
