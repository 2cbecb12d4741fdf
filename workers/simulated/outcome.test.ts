import { expect, test } from 'vitest'
import { outcomeOf, type SimulatedBody } from './outcome.ts'

const body = (over: Partial<SimulatedBody> = {}): SimulatedBody => ({
  ...{ kind: 'simulated', work: { p50Ms: 40, p99Ms: 400 }, fails: { share: 0, errorType: 'CardDeclined' } },
  ...{ sends: {}, seed: 7 },
  ...over,
})
const send = (chance: number) => ({ chance, delayMs: 0, data: {} })
const ids = Array.from({ length: 20_000 }, (_, n) => `shop-1:1:order_placed:${n + 1}`)
const share = (hits: number): number => hits / ids.length

test('seed, message and attempt decide alone', () => {
  const given = body({ fails: { share: 0.5, errorType: 'CardDeclined' }, sends: { a: send(0.5), b: send(0.3) } })
  for (const id of ids.slice(0, 100)) {
    expect(outcomeOf(given, id, 1)).toEqual(outcomeOf(structuredClone(given), id, 1))
    expect(outcomeOf(given, id, 2).sends).toEqual(outcomeOf(given, id, 1).sends)
    expect(outcomeOf(given, id, 2).workMs).not.toBe(outcomeOf(given, id, 1).workMs)
  }
  const other = { ...given, seed: 8 }
  expect(ids.slice(0, 100).some((id) => outcomeOf(other, id, 1).errorType !== outcomeOf(given, id, 1).errorType)).toBe(
    true,
  )
})

test('as many attempts fail as are to, and a failed one may not fail again', () => {
  const given = body({ fails: { share: 0.2, errorType: 'CardDeclined' } })
  const failed = ids.filter((id) => outcomeOf(given, id, 1).errorType === 'CardDeclined')
  expect(share(failed.length)).toBeCloseTo(0.2, 1)
  const again = failed.filter((id) => outcomeOf(given, id, 2).errorType !== undefined)
  expect(again.length / failed.length).toBeCloseTo(0.2, 1)
  expect(ids.some((id) => outcomeOf(body(), id, 1).errorType !== undefined)).toBe(false)
})

test('each type is sent as often as it says; chances of at most 1 together exclude each other', () => {
  const count = (given: SimulatedBody, type: string) =>
    ids.filter((id) => outcomeOf(given, id, 1).sends.includes(type)).length
  const exclusive = body({ sends: { paid: send(0.9), declined: send(0.1) } })
  expect(share(count(exclusive, 'paid'))).toBeCloseTo(0.9, 1)
  for (const id of ids) expect(outcomeOf(exclusive, id, 1).sends).toHaveLength(1)
  const both = body({ sends: { paid: send(0.8), told: send(0.7), logged: send(1), never: send(0) } })
  expect(share(count(both, 'paid'))).toBeCloseTo(0.8, 1)
  expect(share(count(both, 'told'))).toBeCloseTo(0.7, 1)
  expect(count(both, 'logged')).toBe(ids.length)
  expect(count(both, 'never')).toBe(0)
})
