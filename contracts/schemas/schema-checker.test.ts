import { afterEach, describe, expect, it } from 'vitest'
import { createSchemaChecker, SchemaCheckerBusy, SchemaRefused, SchemaTooCostly } from './schema-checker.ts'

const checkers: ReturnType<typeof createSchemaChecker>[] = []
function open(limits: Parameters<typeof createSchemaChecker>[0] = {}) {
  const checker = createSchemaChecker({ waitMs: 60_000, ...limits })
  checkers.push(checker)
  return checker
}
afterEach(async () => {
  await Promise.all(checkers.splice(0).map((checker) => checker.close()))
})

/** Two references a level: 2^levels checks. */
function doubling(levels: number, leaf: Record<string, unknown> = { type: 'object' }): Record<string, unknown> {
  const $defs: Record<string, unknown> = { d0: leaf }
  for (let level = 1; level <= levels; level += 1) {
    const below = { $ref: `#/$defs/d${level - 1}` }
    $defs[`d${level}`] = { allOf: [below, { ...below, title: 'again' }] }
  }
  return { $ref: `#/$defs/d${levels}`, $defs }
}
const harmless = { type: 'object', properties: { n: { type: 'integer' } } }

describe('a schema that a user gave', () => {
  it('is compiled once and reports every problem', async () => {
    const checker = open()
    expect(await checker.check(harmless, { n: 1 })).toEqual([])
    expect(await checker.check(harmless, { n: 'x' })).toEqual([{ path: '/n', message: 'must be integer' }])
    await expect(checker.check({ $async: true }, {})).rejects.toThrow(SchemaRefused)
  })

  it('shows no number that it could only show rounded', async () => {
    const checker = open()
    const text = { type: 'object', properties: { id: { type: 'string' } } }
    expect(await checker.check(text, { id: 2 ** 60 })).toEqual([{ path: '/id', message: 'must be string' }])
    expect(await checker.check(text, { id: 2 ** 50 })).toEqual([
      { path: '/id', message: 'must be string, is 1125899906842624' },
    ])
  })

  it('cannot take longer than its deadline, and the next is checked by another thread', async () => {
    const checker = open()
    const costly = checker.check(doubling(40), {}, 300)
    const after = checker.check(harmless, { n: 1.5 }, 30_000)
    await expect(costly).rejects.toThrow(SchemaTooCostly)
    await expect(costly).rejects.toThrow('longer than 300 ms')
    expect(await after).toEqual([{ path: '/n', message: 'must be integer, is 1.5' }])
  })

  it('cannot take more memory than its thread has', async () => {
    const checker = open({ memoryMb: 32 })
    const errors = checker.check(doubling(30, { type: 'string' }), {}, 60_000)
    await expect(errors).rejects.toThrow(SchemaTooCostly)
    await expect(errors).rejects.toThrow('32 MB')
    expect(await checker.check(harmless, {}, 30_000)).toEqual([])
  })

  it('cannot overflow the stack', async () => {
    const checker = open()
    let deep: unknown = {}
    for (let level = 0; level < 200_000; level += 1) deep = { next: deep }
    const tree = { type: 'object', properties: { next: { $ref: '#' } } }
    await expect(checker.check(tree, deep, 30_000)).rejects.toThrow(SchemaTooCostly)
    expect(await checker.check(tree, { next: { next: 1 } }, 30_000)).toEqual([
      { path: '/next/next', message: 'must be object, is 1' },
    ])
  })
})

it('bounds what waits, and rejects it when it closes', async () => {
  const checker = open({ waiting: 2 })
  const checks = [1, 2, 3].map(() => checker.check(doubling(40), {}, 60_000))
  const outcomes = Promise.allSettled(checks)
  await expect(checks[2]).rejects.toThrow(SchemaCheckerBusy)
  await checker.close()
  for (const outcome of await outcomes) {
    expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(SchemaCheckerBusy)
  }
  await expect(checker.check(harmless, {})).rejects.toThrow(SchemaCheckerBusy)
})
