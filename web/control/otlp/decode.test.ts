import { describe, expect, test } from 'vitest'
import { jsonLogs, jsonSpans } from './decode-json.ts'
import { protobufLogs, protobufSpans } from './decode-protobuf.ts'
import { attributesMax, itemsMax } from './limits.ts'
import { attribute, encoded, logLine, logsRequestOf, span, spanIdOf, traceId, tracesRequestOf } from './otlp.fixture.ts'
import { UndecodableReport } from './reported.ts'

const now = 1_800_000_000_000

/** Both encodings say the same. */
describe.each([
  {
    encoding: 'protobuf',
    spans: (request: object) => protobufSpans(encoded('TracesRequest', request)),
    logs: (request: object) => protobufLogs(encoded('LogsRequest', request), now),
  },
  {
    encoding: 'json',
    spans: (request: object) => jsonSpans(Buffer.from(JSON.stringify(request))),
    logs: (request: object) => jsonLogs(Buffer.from(JSON.stringify(request)), now),
  },
])('OTLP as $encoding', ({ spans, logs }) => {
  test('a span keeps its names, times, state, attributes, and who reported it', () => {
    const attributes = [
      attribute('db.statement', 'INSERT INTO charges VALUES (?)'),
      { key: 'db.rows', value: { intValue: '-3' } },
      { key: 'cached', value: { boolValue: true } },
      { key: 'share', value: { doubleValue: 0.5 } },
      { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }] } } },
      { key: 'card', value: { kvlistValue: { values: [{ key: 'kind', value: { stringValue: 'visa' } }] } } },
    ]
    const status = { code: 2, message: 'no such table' }
    const { items, refused, reason } = spans(
      tracesRequestOf([span(2, { parentSpanId: spanIdOf(1), attributes, status, unknownMember: { deep: [1] } })]),
    )
    expect({ refused, reason }).toEqual({ refused: 0, reason: undefined })
    expect(items).toEqual([
      {
        ...{ service: 'payment', instance: 'payment-1', traceId, spanId: spanIdOf(2), parentSpanId: spanIdOf(1) },
        ...{ name: 'span 2', kind: 'client', startedAt: 1_700_000_000_010, tookMs: 5 },
        ...{ state: 'error', message: 'no such table' },
        attributes: [
          ['db.statement', 'INSERT INTO charges VALUES (?)'],
          ['db.rows', '-3'],
          ['cached', 'true'],
          ['share', '0.5'],
          ['tags', '["a","2"]'],
          ['card', '{"kind":"visa"}'],
        ],
      },
    ])
  })

  test('a line keeps its text, level, time and span; one without a trace is let go', () => {
    const { items, refused, traceless } = logs(
      logsRequestOf([
        logLine(),
        logLine({ traceId: '', spanId: '' }),
        logLine({ severityNumber: 21, timeUnixNano: '0', observedTimeUnixNano: '1700000000020000000' }),
        logLine({ severityNumber: 5, timeUnixNano: '0', body: { kvlistValue: { values: [attribute('a', 'b')] } } }),
      ]),
    )
    expect({ refused, traceless }).toEqual({ refused: 0, traceless: 1 })
    expect(items.map(({ level, at, message }) => [level, at, message])).toEqual([
      ['warn', 1_700_000_000_012, 'the card is slow'],
      ['error', 1_700_000_000_020, 'the card is slow'],
      ['debug', now, '{"a":"b"}'],
    ])
    expect(items[0]).toMatchObject({ traceId, spanId: spanIdOf(1), service: 'payment', instance: 'payment-1' })
  })

  test('ids of no length, or of zeros alone, are refused one by one, and the others taken', () => {
    const { items, refused, reason } = spans(
      tracesRequestOf([span(1), span(2, { traceId: '0'.repeat(32) }), span(3, { spanId: 'abcd' }), span(4)]),
    )
    expect(items.map(({ spanId }) => spanId)).toEqual([spanIdOf(1), spanIdOf(4)])
    expect({ refused, reason }).toMatchObject({ refused: 2, reason: expect.stringContaining('32 hexadecimal digits') })
  })

  test('of too many spans the first are taken, and the others counted', () => {
    const { items, refused, reason } = spans(
      tracesRequestOf(Array.from({ length: itemsMax + 7 }, (_, index) => span(index + 1, { name: '' }))),
    )
    expect(items).toHaveLength(itemsMax)
    expect({ refused, reason }).toMatchObject({ refused: 7, reason: expect.stringContaining(String(itemsMax)) })
  })

  test('attributes, names and texts are bounded, between characters', () => {
    const many = Array.from({ length: 500 }, (_, index) => attribute(`key ${index}`, 'x'))
    const [first, second, third] = spans(
      tracesRequestOf([
        span(1, { attributes: many }),
        span(2, { name: '😀'.repeat(5_000), attributes: [attribute('k'.repeat(9_000), '😀'.repeat(9_000))] }),
        span(3, { attributes: Array.from({ length: 60 }, () => attribute('long', 'y'.repeat(10_000))) }),
      ]),
    ).items
    expect(first?.attributes).toHaveLength(attributesMax)
    const [[key = '', text = ''] = []] = second?.attributes ?? []
    expect([second?.name.length, key.length, text.length]).toEqual([200, 200, 2_000])
    expect(second?.name.isWellFormed() && text.isWellFormed()).toBe(true)
    expect(third?.attributes.reduce((sum, [name, value]) => sum + name.length + value.length, 0)).toBe(8_000)
  })

  test('values within values are bounded in depth and number', () => {
    let deep: object = { stringValue: 'the bottom' }
    for (let level = 0; level < 40; level += 1) deep = { arrayValue: { values: [deep] } }
    const wide = { arrayValue: { values: Array.from({ length: 50_000 }, () => ({ boolValue: true })) } }
    const { items } = spans(
      tracesRequestOf([
        span(1, {
          attributes: [
            { key: 'deep', value: deep },
            { key: 'wide', value: wide },
          ],
        }),
      ]),
    )
    const [[, deepText = ''] = [], [, wideText = ''] = []] = items[0]?.attributes ?? []
    expect(deepText).toMatch(/^\[+""\]+$/)
    expect(deepText.length).toBeLessThan(30)
    expect(wideText.length).toBeLessThanOrEqual(2_000)
  })

  test('times that make no sense become ones that do', () => {
    const { items } = spans(
      tracesRequestOf([
        span(1, { startTimeUnixNano: '1700000000010000000', endTimeUnixNano: '0' }),
        span(2, { startTimeUnixNano: '18446744073709551615', endTimeUnixNano: '18446744073709551615' }),
      ]),
    )
    expect(items.map(({ tookMs }) => tookMs)).toEqual([0, 0])
    expect(items.every(({ startedAt }) => !Number.isNaN(new Date(startedAt).getTime()))).toBe(true)
  })
})

test('values nested without end take no more of the stack than others', () => {
  const json = `${'{"arrayValue":{"values":['.repeat(50_000)}${']}}'.repeat(50_000)}`
  const item = JSON.stringify(span(1, { attributes: [{ key: 'deep', value: 0 }] })).replace(
    '"value":0',
    `"value":${json}`,
  )
  const request = `{"resourceSpans":[{"scopeSpans":[{"spans":[${item}]}]}]}`
  expect(jsonSpans(Buffer.from(request)).items[0]?.attributes).toEqual([['deep', expect.stringMatching(/^\[+""\]+$/)]])
  let value: Buffer = Buffer.alloc(0)
  // A value with an array (5) of one value (1), which is such a value.
  for (let level = 0; level < 3_000; level += 1) value = wrapped(0x2a, wrapped(0x0a, value))
  const attributes = wrapped(0x4a, Buffer.concat([wrapped(0x0a, Buffer.from('deep')), wrapped(0x12, value)]))
  const ids = Buffer.concat([
    wrapped(0x0a, Buffer.from(traceId, 'hex')),
    wrapped(0x12, Buffer.from(spanIdOf(1), 'hex')),
  ])
  const body = wrapped(0x0a, wrapped(0x12, wrapped(0x12, Buffer.concat([ids, attributes]))))
  expect(protobufSpans(body).items[0]?.attributes).toEqual([['deep', expect.stringMatching(/^\[+""\]+$/)]])
})

/** A field of bytes: its tag, its length, and what is in it. */
function wrapped(tag: number, inner: Buffer): Buffer {
  const length: number[] = []
  for (let left = inner.length; ; left >>>= 7) {
    length.push(left < 128 ? left : (left % 128) + 128)
    if (left < 128) return Buffer.concat([Buffer.from([tag, ...length]), inner])
  }
}

test('an empty request is one without spans', () => {
  expect(protobufSpans(Buffer.alloc(0)).items).toEqual([])
  expect(jsonSpans(Buffer.from('{}')).items).toEqual([])
  expect(jsonLogs(Buffer.from('{"resourceLogs":[{"scopeLogs":null}]}'), now).items).toEqual([])
})

test('members that are null, and numbers where JSON allows texts, are read', () => {
  const request = tracesRequestOf([
    span(1, { traceId: traceId.toUpperCase(), startTimeUnixNano: 1_700_000_000_010_000_000, status: null, name: null }),
  ])
  expect(jsonSpans(Buffer.from(JSON.stringify(request))).items).toMatchObject([
    { traceId, startedAt: 1_700_000_000_010, name: '', state: 'unset' },
  ])
})

const whole = encoded('TracesRequest', tracesRequestOf([span(1, { attributes: [attribute('a', 'b')] }), span(2)]))

test('protobuf that ends too early, or is none, is undecodable, and never something else', () => {
  for (let length = 1; length < whole.length; length += 1)
    expect(() => protobufSpans(whole.subarray(0, length)), `${length} bytes`).toThrow(UndecodableReport)
  for (const text of ['{"resourceSpans": []}', 'hello', '\u0000\u0000', '\uffff'])
    expect(() => protobufSpans(Buffer.from(text)), text).toThrow(UndecodableReport)
})

test('any bytes are either read or undecodable', () => {
  let seed = 42
  const next = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed
  }
  for (let round = 0; round < 3_000; round += 1) {
    const bytes = Buffer.from(whole)
    for (let flips = next() % 8; flips >= 0; flips -= 1) bytes[next() % bytes.length] = next() % 256
    try {
      protobufSpans(bytes)
      protobufLogs(bytes, now)
    } catch (error) {
      expect(error).toBeInstanceOf(UndecodableReport)
    }
  }
})

test.each([
  ['[]', 'expected object'],
  ['{"resourceSpans": 7}', 'resourceSpans'],
  ['{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": 5}]}]}]}', 'traceId'],
  ['{"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": "soon"}]}]}]}', 'startTimeUnixNano'],
  ['{"resourceSpans": [{"scopeSpans": [{"spans": [{"kind": "SPAN_KIND_CLIENT"}]}]}]}', 'kind'],
  ['{"resourceSpans": [', 'JSON'],
  [`${'['.repeat(200_000)}`, 'JSON'],
])('JSON that is no such request is undecodable: %.60s', (text, reason) => {
  expect(() => jsonSpans(Buffer.from(text))).toThrow(UndecodableReport)
  expect(() => jsonSpans(Buffer.from(text))).toThrow(reason)
})

test('JSON that is not UTF-8 is undecodable', () => {
  expect(() => jsonSpans(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow('not valid UTF-8')
})
