import fc from 'fast-check'

/** Texts that have broken parsers, databases, paths and pages. */
const texts = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udc00x', '\ufeff', '\u202e', '\r\n', '\u001b[31m', 'é', '😀'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '%',
    '%00',
    '%2e%2e',
    '?',
    '#',
    '*',
    "'",
    '"',
    '\\',
    '{{x}}',
  ],
  ...[
    "' OR 1=1 --",
    '$where',
    'NaN',
    'null',
    'undefined',
    '-0',
    '1e400',
    '0x10',
    '9007199254740993',
    '2026-13-45T99:99:99Z',
    'true',
  ],
  ...['x'.repeat(257), 'x'.repeat(20_001), '1'.repeat(400), '['.repeat(500), '\u0000'.repeat(300)],
]
const numbers = [0, -0, -1, 1, 0.5, 1e-320, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, -(2 ** 53), Number.MAX_SAFE_INTEGER]

/** Stands in a body for JSON text that `JSON.stringify` would not write. */
export interface RawJson {
  rawJson: string
}

const rawTexts: RawJson[] = [
  ...['1e400', '-1e999999', '1e-999999', '820000000000000508', '0.1234567890123456789', `${'9'.repeat(2_000)}`],
  ...['{"__proto__":{"a":1}}', '{"a":1,"a":2}', '"\\ud800"', `${'['.repeat(70)}${']'.repeat(70)}`, '{"$ref":"#"}'],
].map((rawJson) => ({ rawJson }))

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)

/** Any JSON value, seldom one that is asked for. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...numbers) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...rawTexts) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { '': 0 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
)

/** JSON of a value with `RawJson` in it. */
export function written(value: unknown): string {
  if (isRaw(value)) return value.rawJson
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${written(inner)}`).join(',')}}`
}

const isRaw = (value: unknown): value is RawJson =>
  typeof value === 'object' && value !== null && 'rawJson' in value && typeof value.rawJson === 'string'
