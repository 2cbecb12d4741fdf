import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeadLetterCause, DeadLetterItem, Redrive } from '#contracts/api/dead-letter.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { validatorOf } from '../schema/validator.ts'
import { causesThatFit, deadLetterRowsOf, groupWords, readOf, sumWords } from './dead-letter-rows.ts'
import { hexDump, letterBytes } from './letter/hex-dump.ts'
import { payloadChanges } from './redrive/payload-changes.ts'
import { firstText, readPayload } from './redrive/payload-draft.ts'
import { readRamp } from './redrive/ramp-draft.ts'
import {
  nothingSelected,
  paramOf,
  prune,
  selectedCount,
  targetFrom,
  targetOf,
  toggleCause,
  toggleLetter,
} from './redrive/redrive-target.ts'
import { redriveFindingsOf } from './redrive/redrive-words.ts'
import { unowedWords } from './unowed-words.ts'

const cause = (key: string, group: string, count: number, over: Partial<DeadLetterCause> = {}): DeadLetterCause => ({
  ...{ key, group, count, errorType: 'SmtpBusy', message: 'mailbox busy', types: ['order_placed'] },
  ...{ reasons: ['max_attempts'], oldestAt: '', newestAt: '' },
  ...over,
})
const letter = (id: string, of = 'a'): DeadLetterItem => ({
  ...{ id, messageId: `producer-1:1:user_signup:${id}`, type: 'user_signup', topic: 'user_signup', group: 'g' },
  ...{
    error: { type: 'E', message: 'm' },
    attempts: 4,
    receiveCount: 4,
    payload: { email: 'x' },
    raw: '{"email":"x"}',
  },
  ...{ headers: {}, at: '2026-01-02T03:04:05.000Z', cause: of },
})
const standing = [cause('a', 'consumer-email', 3), cause('b', 'consumer-db', 2), cause('c', 'consumer-db', 1)]
const letters: Record<string, string[]> = { a: ['a1', 'a2', 'a3'], b: ['b1', 'b2'], c: ['c1'] }
const idsOf = (key: string): string[] => letters[key] ?? []

describe('selection', () => {
  it('chooses the same letters however they were ticked, and counts them', () => {
    const tick = fc.oneof(
      fc.constantFrom('a', 'b', 'c').map((key) => ({ key, id: undefined })),
      fc.constantFrom('a1', 'a2', 'a3', 'b1', 'b2', 'c1').map((id) => ({ key: id.slice(0, 1), id })),
    )
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 20 }), (ticks) => {
        let selection = nothingSelected
        const wanted = new Set<string>()
        for (const { key, id } of ticks) {
          if (id === undefined) {
            const all = idsOf(key)
            const isWhole = selection.causes.has(key)
            for (const one of all) isWhole ? wanted.delete(one) : wanted.add(one)
            selection = toggleCause(selection, key, all)
          } else {
            wanted.has(id) ? wanted.delete(id) : wanted.add(id)
            selection = toggleLetter(selection, { id, cause: key }, idsOf(key))
          }
        }
        expect(selectedCount(selection, standing)).toBe(wanted.size)
        const chosen = [...selection.ids, ...[...selection.causes].flatMap(idsOf)]
        expect(new Set(chosen)).toEqual(wanted)
        const target = targetOf(selection, standing, idsOf)
        if (wanted.size === 0) expect(target).toBeUndefined()
        else if (target && 'ids' in target) expect(new Set(target.ids)).toEqual(wanted)
      }),
    )
  })

  it('names what is ticked as widely as it can', () => {
    const of = (...keys: string[]) => targetOf({ causes: new Set(keys), ids: new Set() }, standing, idsOf)
    expect(of('a', 'b', 'c')).toEqual({ all: true })
    expect(of('b')).toEqual({ cause: 'b' })
    expect(of('b', 'c')).toEqual({ group: 'consumer-db' })
    expect(of('a', 'b')).toEqual({ ids: ['a1', 'a2', 'a3', 'b1', 'b2'] })
    expect(targetOf({ causes: new Set(['b']), ids: new Set(['a1']) }, standing, idsOf)).toEqual({
      ids: ['a1', 'b1', 'b2'],
    })
  })

  it('forgets what has gone', () => {
    const selection = { causes: new Set(['a', 'gone']), ids: new Set(['b1', 'b9']) }
    const known = new Map([['b', [{ id: 'b1' }]]])
    expect(prune(selection, standing, known)).toEqual({ causes: new Set(['a']), ids: new Set(['b1']) })
    expect(prune({ causes: new Set(['a']), ids: new Set() }, standing, known).causes.has('a')).toBe(true)
  })

  it('is in the address but for ids', () => {
    for (const target of [{ all: true } as const, { group: 'consumer-db' }, { cause: 'b' }]) {
      expect(targetFrom(paramOf(target), [])).toEqual(target)
    }
    expect(targetFrom(paramOf({ ids: ['x'] }), ['x'])).toEqual({ ids: ['x'] })
    expect(targetFrom('ids', [])).toBeUndefined()
    expect(targetFrom('nonsense', [])).toBeUndefined()
  })
})

describe('lines', () => {
  it('shows causes with the letters of open ones, and says when there are more', () => {
    const [a] = standing
    if (!a) throw new Error('there is a first cause')
    const lines = deadLetterRowsOf(standing, new Map([['a', [letter('1'), letter('2')]]]), new Set(['a', 'b']))
    expect(lines.map(({ kind }) => kind)).toEqual(['cause', 'letter', 'letter', 'more', 'cause', 'wait', 'cause'])
    expect(lines[3]).toMatchObject({ left: 1 })
  })

  it('finds causes by error, group, type and reason', () => {
    expect(causesThatFit(standing, 'consumer-db', '')).toHaveLength(2)
    expect(causesThatFit(standing, undefined, 'SMTPB')).toHaveLength(3)
    expect(causesThatFit(standing, 'consumer-db', 'max_att')).toHaveLength(2)
    expect(causesThatFit(standing, undefined, 'nowhere')).toEqual([])
    expect(sumWords(standing)).toBe('6 in 3 causes')
    expect(groupWords(standing)).toBe('consumer-email 3, consumer-db 3')
  })
})

describe('an edited payload', () => {
  const validator = validatorOf({
    type: 'object',
    properties: { email: { type: 'string', format: 'email' } },
    required: ['email'],
  })

  it('goes as it is until something in it is another one', () => {
    const one = letter('1')
    expect(readPayload(one, firstText(one), validator, undefined)).toEqual({ changes: [], problems: [] })
    expect(readPayload(one, '{"email":    "x"}', validator, undefined)).toEqual({ changes: [], problems: [] })
  })

  it('is checked against the schema, and knows the line of what is wrong', () => {
    const wrong = readPayload(letter('1'), '{\n  "email": "y"\n}', validator, undefined)
    expect(wrong.problems).toMatchObject([{ path: '/email', message: 'must be an e-mail address', place: { line: 2 } }])
    const cut = readPayload(letter('1'), '{\n  "email": ', validator, undefined)
    expect(cut.problems[0]?.place?.line).toBe(2)
    expect(cut).not.toHaveProperty('payload')
  })

  it('shows what the server said at its field', () => {
    const refused = {
      ...{
        type: '/problems/schema_violation',
        title: 't',
        status: 400,
        detail: 'd',
        code: 'schema_violation' as const,
      },
      errors: [
        { path: '/payload/email', message: 'is blocked' },
        { path: '/canary', message: 'no' },
      ],
    }
    const draft = readPayload(letter('1'), '{"email":"ada@example.com"}', validator, refused)
    expect(draft.problems).toMatchObject([{ path: '/email', message: 'is blocked' }])
    expect(draft.changes).toEqual([{ path: '/email', before: '"x"', after: '"ada@example.com"' }])
  })

  it('mends a body that was not JSON', () => {
    const { payload: _, ...cut } = { ...letter('1'), raw: '{{"ema' }
    expect(firstText(cut)).toBe('{{"ema')
    expect(readPayload(cut, '{"email":"ada@example.com"}', validator, undefined)).toMatchObject({
      payload: { email: 'ada@example.com' },
      problems: [],
    })
  })
})

it('compares JSON by its smallest parts', () => {
  expect(payloadChanges({ a: 1, b: [1, { c: 2 }] }, { a: 1, b: [1, { c: 3 }, 4], 'd/e': null })).toEqual([
    { path: '/b/1/c', before: '2', after: '3' },
    { path: '/b/2', after: '4' },
    { path: '/d~1e', after: 'null' },
  ])
  expect(payloadChanges([1], { 0: 1 })).toEqual([{ path: '', before: '[1]', after: '{"0":1}' }])
  expect(payloadChanges({ a: 1 }, {})).toEqual([{ path: '/a', before: '1' }])
})

it('prints bytes beside their text', () => {
  expect(hexDump(new TextEncoder().encode('{ no é'))).toBe('0000: 7b20 6e6f 20c3 a9                        { no ..')
  expect(hexDump(new Uint8Array(40)).split('\n')).toHaveLength(3)
  expect(hexDump(new Uint8Array(0))).toBe('')
  expect(hexDump(letterBytes({ raw: '�', rawBase64: 'wyg=' }))).toMatch(/^0000: c328 +\.\($/)
})

it('reads the ramp as the server takes it', () => {
  expect(readRamp({ canary: '', rate: ' ' })).toEqual({ options: {}, errors: {} })
  expect(readRamp({ canary: '2', rate: '0.5' })).toEqual({ options: { canary: 2, ratePerSecond: 0.5 }, errors: {} })
  expect(Object.keys(readRamp({ canary: '1.5', rate: '0' }).errors)).toEqual(['canary', 'rate'])
})

it('says who runs, who does not, what may happen twice and what would fail again', () => {
  const run: Redrive = {
    ...{ id: 'r', state: 'dry_run', broker: 'kafka', selected: 6, willRun: ['consumer-db'], startedAt: '' },
    selectedByGroup: { 'consumer-db': 6 },
    ...{ redriven: 0, copied: 0, failed: 0, gone: 0, refailed: 0, mayDuplicate: [] },
    wouldFail: [{ group: 'consumer-db', count: 1, why: 'its body is not JSON', ids: [] }],
  }
  const words = redriveFindingsOf(run, ['consumer-db', 'consumer-email'], (group) => group === 'consumer-db')
  expect(words.map(({ who, text }) => `${who} ${text}`)).toEqual([
    'consumer-db runs again for 6 messages',
    'consumer-email does not run',
    'consumer-db makes no second effect',
    'consumer-db would give 1 message up again',
  ])
  expect(words[0]?.detail).toContain('retry topic')
  const email = { ...run, willRun: ['consumer-email'], mayDuplicate: [{ group: 'consumer-email', count: 2, why: 'w' }] }
  expect(redriveFindingsOf(email, ['consumer-email'], () => false).map(({ text }) => text)).toContain(
    'may act a second time for 2 messages',
  )
})

it('shows a change of a digit beyond 2^53, and sends it as it is written', () => {
  const raw = '{"id":820000000000000508}'
  const long = { ...letter('1'), raw, payload: parseExact(raw) }
  const edited = firstText(long).replace('508', '509')
  const draft = readPayload(long, edited, validatorOf({ properties: { id: { type: 'integer' } } }), undefined)
  expect(draft.changes).toEqual([{ path: '/id', before: '820000000000000508', after: '820000000000000509' }])
  expect(draft.problems).toEqual([])
  expect(writeJson(draft.payload)).toBe('{"id":820000000000000509}')
})

it('says how many letters of a group were read, of all that its queue holds', () => {
  const causes = [cause('a', 'consumer-email', 600), cause('b', 'consumer-db', 2), cause('c', 'consumer-email', 400)]
  expect(readOf(causes, ['consumer-email'], [1_768])).toBe('1,000 of 1,768 of consumer-email')
  // The count of the queue may be a moment older than the letters.
  expect(readOf(causes, ['consumer-email', 'consumer-db'], [900, 5])).toBe(
    '1,000 of 1,000 of consumer-email and 2 of 5 of consumer-db',
  )
})

it('letters that nobody in the lab published explain what the ledger does not count', () => {
  expect(unowedWords(0, 4)).toBeUndefined()
  expect(unowedWords(14, 18)).toMatch(/^14 of the 18 were published by nobody in the lab: owed to no group/)
  expect(unowedWords(1, 1)).toMatch(/^1 of the 1 was .*it is not among/)
})
