import { expect, test } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { CrashNote } from '#contracts/protocols/worker.ts'
import { createCrashWatch } from './crash-watch.ts'

function open() {
  const changes: CrashNote[][] = []
  const watch = createCrashWatch({ onChange: (notes) => changes.push(notes), onSuspicion: () => undefined })
  const started = (instance: string, ids: string[], attempt = 1, receiveCount = attempt): void =>
    watch.take(instance, [
      {
        ...{ kind: 'delivery.started', at: 1, group: 'g', instance },
        deliveries: ids.map((id) => ({ id, attempt, receiveCount, receivedAt: 1 })),
      } satisfies TelemetryRecord,
    ])
  const ended = (instance: string, id: string, outcome: 'ok' | 'error' | 'interrupted', attempt = 1): void =>
    watch.take(instance, [
      {
        ...{ kind: 'delivery.ended', at: 1, group: 'g', instance },
        deliveries: [{ id, attempt, receiveCount: 1, startedAt: 1, endedAt: 1, outcome }],
      },
    ])
  const settled = (settlement: 'acked' | 'dead_lettered' | 'retrying', id: string): void =>
    watch.take('a', [{ kind: 'delivery.settled', at: 1, group: 'g', instance: 'a', settlement, ids: [id] }])
  const attempts = () =>
    Object.fromEntries(watch.notes().flatMap(({ id, attempt, cleared }) => (cleared ? [] : [[id, attempt]])))
  const spared = () =>
    Object.fromEntries(watch.notes().flatMap(({ id, spared: times }) => (times ? [[id, times.times]] : [])))
  return { watch, changes, started, ended, settled, attempts, spared }
}

test('several in flight are suspects; the one that was alone has spent its attempt', () => {
  const { watch, changes, started, ended, attempts } = open()
  started('a', ['x', 'y', 'z'])
  ended('a', 'z', 'ok')
  watch.ended('a', 'SIGKILL', false)
  expect(attempts()).toEqual({ x: 0, y: 0 })
  started('a', ['x'])
  watch.ended('a', 'code 7', false)
  expect(attempts()).toEqual({ y: 0, x: 1 })
  expect(changes.at(-1)?.at(-1)).toEqual({ group: 'g', id: 'x', attempt: 1, how: 'code 7' })
  started('a', ['x'], 2)
  watch.ended('a', 'code 7', false)
  expect(attempts()).toEqual({ y: 0, x: 2 })
})

test('an end that was asked for, and one with nothing in flight, is nobody’s attempt', () => {
  const { watch, changes, started } = open()
  started('a', ['x'])
  watch.ended('a', 'SIGTERM', true)
  watch.ended('a', 'SIGKILL', false)
  expect([watch.notes(), changes]).toEqual([[], []])
})

test('a suspect is cleared by any run that ends; one that crashed alone only when it is done with', () => {
  const { watch, started, ended, settled, attempts } = open()
  started('a', ['x', 'y'])
  watch.ended('a', 'SIGKILL', false)
  ended('a', 'x', 'interrupted')
  expect(attempts()).toEqual({ x: 0, y: 0 })
  ended('a', 'x', 'error')
  ended('b', 'y', 'ok')
  expect(attempts()).toEqual({})
  started('a', ['z'])
  watch.ended('a', 'SIGKILL', false)
  ended('a', 'z', 'error', 2)
  settled('retrying', 'z')
  expect(attempts()).toEqual({ z: 2 })
  settled('dead_lettered', 'z')
  expect(attempts()).toEqual({})
})

test('what was only beside it loses no attempt, where the broker counts how often it gave it out', () => {
  const { watch, changes, started, ended, settled, attempts, spared } = open()
  started('a', ['killer', 'x', 'y'])
  watch.ended('a', 'SIGKILL', false)
  started('a', ['killer', 'x', 'y'], 2)
  watch.ended('a', 'SIGKILL', false)
  expect(spared()).toEqual({ killer: 2, x: 2, y: 2 })
  started('a', ['killer'], 3)
  watch.ended('a', 'SIGKILL', false)
  expect(attempts()).toEqual({ x: 0, y: 0, killer: 3 })
  // It fails by itself now: no suspect any more, and the times that were none of its own stay known.
  started('a', ['x'], 1, 3)
  ended('a', 'x', 'error', 1)
  settled('retrying', 'x')
  expect(attempts()).toEqual({ y: 0, killer: 3 })
  expect(changes.at(-1)?.find(({ id }) => id === 'x')).toMatchObject({ cleared: true, spared: { times: 2, after: 2 } })
  settled('acked', 'x')
  started('b', ['y'], 1, 3)
  ended('b', 'y', 'ok')
  expect(spared()).toEqual({ killer: 2 })
})

test('a time that the broker does not count is none that is spared', () => {
  const { watch, started, ended, attempts, spared } = open()
  started('a', ['x', 'y'])
  watch.ended('a', 'SIGKILL', false)
  started('a', ['x'], 1, 1)
  expect(spared()).toEqual({ y: 1 })
  ended('a', 'x', 'error')
  expect(attempts()).toEqual({ y: 0 })
  expect(watch.notes().map(({ id }) => id)).toEqual(['y'])
})

test('replicas are told apart, and notes do not grow without end', () => {
  const { watch, started, attempts } = open()
  started('a', ['x'])
  started('b', ['y'])
  watch.ended('a', 'SIGKILL', false)
  expect(attempts()).toEqual({ x: 1 })
  started(
    'c',
    Array.from({ length: 5_000 }, (_, n) => `n${n}`),
  )
  watch.ended('c', 'SIGKILL', false)
  expect(watch.notes()).toHaveLength(2_000)
})
