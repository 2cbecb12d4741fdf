import { expect, test } from 'vitest'
import { unwatched } from './judge.ts'
import { countsByKind } from './losses.ts'
import type { Life } from './sampler.ts'

const life = (name: string, readings: number): Life => {
  const memory = Array.from({ length: readings }, (_, index) => ({ at: index * 5_000, value: 100 }))
  return { name, pid: 1, memory, descriptors: memory }
}
const names = ['web', 'postgres', 'producer-1', 'consumer-email-1', 'consumer-db-1']

test('a soak that watched each process long enough has nothing to say of it', () => {
  expect(unwatched(names.map((name) => life(name, 60)))).toEqual([])
  // One replica of a service, or one life of it, is enough.
  expect(unwatched([...names, 'consumer-db-2'].map((name) => life(name, name === 'consumer-db-1' ? 2 : 60)))).toEqual(
    [],
  )
})

test('a soak that measured nothing fails', () => {
  expect(unwatched([])).toHaveLength(names.length)
  expect(unwatched(names.map((name) => life(name, name === 'web' ? 3 : 60)))).toEqual([
    'web was not watched long enough',
  ])
  expect(unwatched(names.map((name) => life(name === 'consumer-db-1' ? 'consumer-db sidecar' : name, 60)))).toEqual([
    'consumer-db was never seen',
  ])
})

test('disagreements of a kind are summed, whatever group and reason they are of', () => {
  expect(
    countsByKind([
      { kind: 'effect_missing', count: 2 },
      { kind: 'effect_missing', count: 3 },
      { kind: 'discarded', count: 1 },
    ]),
  ).toEqual({ effect_missing: 5, discarded: 1 })
})
