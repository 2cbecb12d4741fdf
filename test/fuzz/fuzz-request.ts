import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { hostileText, hostileValue, written } from './hostile-values.ts'
import type { Operation } from './operations.ts'
import { tamed } from './tamed.ts'
import { type Known, type ValueOptions, valuesOf, withOneOf } from './values-of.ts'

/** A request as it goes over the wire. */
export interface FuzzRequest {
  operation: string
  method: string
  /** Path and query. */
  target: string
  headers: Record<string, string>
  body?: Buffer
}

/** Requests to a call: half of them as it describes them, the others with values out of place or broken as a whole. */
export function requestsTo(operation: Operation, known: Known): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...[0, 1, 3].map((hostileOfTen) => ({
      weight: hostileOfTen === 0 ? 2 : 1,
      arbitrary: requests(operation, { known, hostileOfTen }),
    })),
  )
}

function requests(operation: Operation, options: ValueOptions): fc.Arbitrary<FuzzRequest> {
  const { known, hostileOfTen } = options
  const places = operation.parameters.filter((one) => one.in === 'path')
  const path = fc
    .tuple(...places.map(({ name }) => segments([...(known.byName[name] ?? []), 'none'], hostileOfTen)))
    .map((values) => {
      const left = [...values]
      return operation.path.replace(/\{[^}]+\}/g, () => asSegment(left.shift() ?? ''))
    })
  const asked = operation.parameters.filter((one) => one.in === 'query')
  const query = fc
    .tuple(
      fc.record(Object.fromEntries(asked.map(({ name, schema }) => [name, valuesOf(schema, options, name)])), {
        requiredKeys: [],
      }),
      hostileOfTen === 0 ? fc.constant(null) : fc.option(fc.tuple(hostileText, hostileText), { freq: 8 }),
    )
    .map(([own, extra]) => [
      ...Object.entries(own).map(([name, value]) => [name, plain(value)]),
      ...(extra ? [extra] : []),
    ])
  const body = operation.body ? bodies(operation, options) : fc.constant({ headers: {} })
  return fc.tuple(path, query, body).map(([at, pairs, sent]) => {
    const search = pairs.map(([name = '', value = '']) => `${asQuery(name)}=${asQuery(value)}`).join('&')
    const target = search === '' ? at : `${at}?${search}`
    return { operation: operation.id, method: operation.method, target, ...sent }
  })
}

const segments = (known: readonly unknown[], hostileOfTen: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 10 - hostileOfTen, arbitrary: fc.constantFrom(...known.map(String)) },
    { weight: hostileOfTen, arbitrary: hostileText },
  )

type Sent = Pick<FuzzRequest, 'headers' | 'body'>
const json = { 'content-type': 'application/json' }

function bodies(operation: Operation, options: ValueOptions): fc.Arbitrary<Sent> {
  const made = valuesOf(operation.body ?? {}, options)
  const taken = options.known.bodies[operation.id] ?? []
  const near = taken.map((body) =>
    options.hostileOfTen === 0
      ? fc.constant(body)
      : fc.tuple(hostileValue, fc.nat()).map(([hostile, turn]) => withOneOf(body, hostile, turn)),
  )
  const good = fc
    .oneof(
      { weight: Math.max(1, near.length), arbitrary: made },
      ...near.map((arbitrary) => ({ weight: 1, arbitrary })),
    )
    .map((value) => Buffer.from(written(tamed(operation.id, value))))
  const send = (body: Buffer, headers: Record<string, string> = json): Sent => ({ headers, body })
  const whole = good.map((body) => send(body))
  if (options.hostileOfTen === 0) return whole
  const noisy = fc.tuple(good, fc.nat(), fc.uint8Array({ maxLength: 3 })).map(([body, at, noise]) => {
    const place = at % (body.length + 1)
    // The last byte makes it no JSON: what would be left could ask for more than a run of many requests can wait for.
    return Buffer.concat([body.subarray(0, place), noise, body.subarray(place + noise.length), Buffer.from([0xff])])
  })
  return fc.oneof(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: good.map((body) => send(gzipSync(body), { ...json, 'content-encoding': 'gzip' })) },
    { weight: 1, arbitrary: good.map((body) => send(body, { ...json, 'content-encoding': 'gzip' })) },
    { weight: 1, arbitrary: good.map((body) => send(body, { 'content-type': 'text/plain' })) },
    { weight: 1, arbitrary: noisy.map((body) => send(body)) },
    { weight: 1, arbitrary: fc.constant(send(Buffer.alloc(0))) },
    { weight: 1, arbitrary: fc.constant(send(Buffer.from(`{"type":"${'x'.repeat(300_000)}"}`))) },
  )
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : written(value)).slice(0, 2_000)
const asQuery = (text: string): string => encodeURIComponent(text.slice(0, 2_000).toWellFormed())
/** An empty segment would be another path, and dots are taken for steps up. */
const asSegment = (text: string): string => asQuery(text.slice(0, 600)).replaceAll('.', '%2E') || '%20'
