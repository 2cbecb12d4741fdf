import { expect, test } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { contentsFrom } from '#contracts/events/exact-texts.ts'
import type { PhaseFile } from '#contracts/scenario/scenario-file.ts'
import { compileSchema } from '#contracts/schemas/compile-schema.ts'
import { readYaml } from '#contracts/yaml-document/read-yaml.ts'
import { keyDraw } from './key-draw.ts'
import { phaseStream } from './phase-stream.ts'
import { randomOf, uuidBy } from './random.ts'
import { compileTemplate } from './render-template.ts'

const eventType = (name: string) => builtInEventTypes.find((type) => type.name === name)
const file = { events: { user_signup: { data: { email: '{{email}}', name: '{{word}} {{index}}' } } } }
const mixed: PhaseFile = {
  ...{ name: 'p', duration: 4_000, arrivalRate: 100, arrivals: 'poisson' },
  ...{ types: { user_signup: 3, order_placed: 1 }, keys: { distribution: 'zipf', count: 20, exponent: 1.2 } },
}
const made = (seed: number, phase: PhaseFile = mixed) =>
  [...phaseStream({ file, phase, seed, firstIndex: 0, eventType })].map(({ dueMs, type, message }) => ({
    dueMs,
    type,
    ...message?.made,
  }))

test('the same seed gives the same messages at the same times, byte for byte; another gives others', () => {
  const first = made(7)
  expect(first.length).toBeGreaterThan(300)
  expect(JSON.stringify(made(7))).toBe(JSON.stringify(first))
  expect(JSON.stringify(made(8))).not.toBe(JSON.stringify(first))
})

test('another rate leaves the contents of the messages as they are', () => {
  const constant: PhaseFile = { name: 'p', duration: 1_000, arrivalRate: 50, type: 'order_placed' }
  const bodies = made(7, constant).map(({ body }) => body)
  expect(made(7, { ...constant, arrivalRate: 20 }).map(({ body }) => body)).toEqual(bodies.slice(0, 20))
})

test('every message is what the schema of its type takes, and its key is that of its body', async () => {
  const schemas = new Map(builtInEventTypes.map((type) => [type.name, compileSchema(type.schema, { allErrors: true })]))
  for (const keys of [undefined, mixed.keys]) {
    const { keys: _, ...rest } = mixed
    for (const { type, body = '', key } of made(3, keys === undefined ? rest : { ...rest, keys })) {
      const data: Record<string, unknown> = JSON.parse(body)
      const schema = schemas.get(type)
      expect(schema?.ok && schema.errorsOf(data), body).toEqual([])
      expect(key).toBe(data[eventType(type)?.keyField ?? ''])
    }
  }
})

test('weights decide how often a type is sent', () => {
  const types = made(5, { ...mixed, duration: 20_000 }).map(({ type }) => type)
  const share = types.filter((type) => type === 'user_signup').length / types.length
  expect(share).toBeGreaterThan(0.7)
  expect(share).toBeLessThan(0.8)
})

test('a type that the lab does not have is due all the same', () => {
  const [first] = phaseStream({
    file: { events: {} },
    phase: { name: 'p', duration: 100, arrivalRate: 10, type: 'none' },
    seed: 1,
    firstIndex: 0,
    eventType,
  })
  expect(first).toEqual({ dueMs: 0, type: 'none', message: undefined })
})

test('keys are drawn as they are distributed', () => {
  const counts = (distribution: 'uniform' | 'zipf' | 'hot', more: object = {}) => {
    const draw = keyDraw({ distribution, count: 10, ...more }, randomOf(3))
    const found = Array.from({ length: 10 }, () => 0)
    for (let turn = 0; turn < 20_000; turn += 1) {
      const key = draw()
      found[key] = (found[key] ?? Number.NaN) + 1
    }
    return found.map((count) => count / 20_000)
  }
  for (const share of counts('uniform')) expect(share).toBeCloseTo(0.1, 1)
  const [hot = 0, ...cold] = counts('hot', { hotShare: 80 })
  expect(hot).toBeCloseTo(0.8, 1)
  for (const share of cold) expect(share).toBeCloseTo(0.2 / 9, 1)
  const zipf = counts('zipf', { exponent: 1 })
  // The second key comes half as often as the first, the third a third.
  expect((zipf[0] ?? 0) / (zipf[1] ?? 1)).toBeCloseTo(2, 0)
  expect((zipf[0] ?? 0) / (zipf[2] ?? 1)).toBeCloseTo(3, 0)
})

test('a generator alone in a string keeps its type, and generators within text become text', () => {
  const render = compileTemplate({
    n: '{{int 5 5}}',
    text: 'n={{int 5 5}}',
    list: ['{{index}}', '{{key}}', 1, null],
    pick: '{{pick a}}',
    d: '{{decimal 1.5 1.5 1}}',
  })
  expect(render({ random: randomOf(1), index: 9, key: 'k' })).toEqual({
    n: 5,
    text: 'n=5',
    list: [9, 'k', 1, null],
    pick: 'a',
    d: 1.5,
  })
  expect(uuidBy(randomOf(1))).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

test('numbers keep every digit: of a template, of the example of a type, and as a key', () => {
  const type = {
    ...{ name: 'paid', version: 1, topic: 'paid', keyField: 'id', builtIn: false },
    ...contentsFrom('{}', '{"id":820000000000000508}'),
  }
  const first = (data?: Record<string, unknown>) => {
    const phase: PhaseFile = { name: 'p', duration: 100, arrivalRate: 10, type: 'paid', ...(data ? { data } : {}) }
    const [one] = [...phaseStream({ file: { events: {} }, phase, seed: 1, firstIndex: 0, eventType: () => type })]
    return one?.message?.made
  }
  expect(first()?.body).toBe('{"id":820000000000000508}')
  const { value } = readYaml('{ id: 820000000000000509, of: { share: 0.12345678901234567890 }, name: "{{word}}-x" }')
  const made = first(value as Record<string, unknown>)
  expect(made?.key).toBe('820000000000000509')
  expect(made?.body).toMatch(/^\{"id":820000000000000509,"of":\{"share":0.12345678901234567890\},"name":"[a-z]+-x"\}$/)
})
