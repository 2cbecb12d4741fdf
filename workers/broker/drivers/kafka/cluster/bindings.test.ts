import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  encodeSpans,
  isOwed,
  nextOwed,
  owedBetween,
  readBindings,
  readMarks,
  rebind,
  type Spans,
  spansOf,
} from './bindings.ts'

const none: Spans = new Map()

test('a binding begins at the end of the log and ends there', () => {
  const bound = rebind(none, ['a'], 10, undefined)
  expect([isOwed(bound, 'a', 9), isOwed(bound, 'a', 10), isOwed(bound, 'b', 10)]).toEqual([false, true, false])
  const ended = rebind(bound, [], 20, 12)
  expect([isOwed(ended, 'a', 19), isOwed(ended, 'a', 20)]).toEqual([true, false])
  const again = rebind(ended, ['a'], 50, 15)
  expect(nextOwed(again, 15)).toBe(15)
  expect(nextOwed(again, 20)).toBe(50)
  expect(owedBetween(again, 15, 60)).toBe(15)
  expect(encodeSpans(rebind(again, ['a'], 60, 55), 'm')).toBe('{"":"m","a":[[55]]}')
})

test('what the group passed is forgotten, and a partition that came later belongs to the binding', () => {
  const bound = rebind(none, ['a'], 10, undefined)
  expect(rebind(bound, [], 10, 10).size).toBe(0)
  const bindings = readBindings(new Map([['t', new Map([[0, { metadata: encodeSpans(bound, 'm') }]])]]))
  expect(isOwed(spansOf(bindings, 't', 1), 'a', 0)).toBe(true)
  expect(isOwed(spansOf(bindings, 'other', 1), 'a', 0)).toBe(false)
  expect(
    readBindings(new Map([['t', new Map([[0, { metadata: 'no json' }]])]]))
      .get('t')
      ?.get(0)?.size,
  ).toBe(0)
})

test('the mark of a topic is in the text of every commit, and is not an event type', () => {
  const text = (mark: string) =>
    new Map([['t', new Map([[0, { metadata: encodeSpans(rebind(none, ['a'], 3, undefined), mark) }]])]])
  expect([readMarks(text('one')).get('t'), readMarks(text('two')).get('t')]).toEqual(['one', 'two'])
  expect([...(readBindings(text('one')).get('t')?.get(0)?.keys() ?? [])]).toEqual(['a'])
  expect(readMarks(new Map([['t', new Map([[0, { metadata: '{"a":[[3]]}' }]])]])).size).toBe(0)
})

test('a message that names no type is owed while any type is', () => {
  const bound = rebind(none, ['a'], 5, undefined)
  expect([isOwed(bound, undefined, 4), isOwed(bound, undefined, 5)]).toEqual([false, true])
})

test('whatever is bound, published and consumed in turn: owed is exactly what was published while bound', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('bind' as const), types: fc.subarray(['a', 'b']) }),
    fc.record({ do: fc.constant('publish' as const), type: fc.constantFrom('a', 'b') }),
    fc.record({ do: fc.constant('consume' as const), upTo: fc.nat(30) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let spans: Spans = none
      let bound: string[] = []
      let committed: number | undefined
      const log: { type: string; owed: boolean }[] = []
      for (const now of steps) {
        if (now.do === 'publish') log.push({ type: now.type, owed: bound.includes(now.type) })
        else if (now.do === 'consume') committed = Math.max(committed ?? 0, Math.min(now.upTo, log.length))
        else {
          bound = now.types
          spans =
            readBindings(
              new Map([
                ['t', new Map([[0, { metadata: encodeSpans(rebind(spans, bound, log.length, committed), 'm') }]])],
              ]),
            )
              .get('t')
              ?.get(0) ?? none
        }
      }
      const from = committed ?? 0
      for (const [offset, { type, owed }] of log.entries()) {
        if (offset >= from) expect(isOwed(spans, type, offset)).toBe(owed)
      }
    }),
  )
})
