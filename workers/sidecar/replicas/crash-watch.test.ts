import { expect, test } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { CrashNote } from '#contracts/protocols/worker.ts'
import { createCrashWatch } from './crash-watch.ts'

function open() {
  const told: CrashNote[][] = []
  const watch = createCrashWatch({ onChange: (notes) => told.push(notes), onSuspicion: () => undefined })
  const started = (instance: string, ids: string[], attempt = 1): void =>
    watch.take(instance, [
      {
        ...{ kind: 'delivery.started', at: 1, group: 'g', instance },
        deliveries: ids.map((id) => ({ id, attempt, receiveCount: 1, receivedAt: 1 })),
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
  const attempts = () => Object.fromEntries(watch.notes().map(({ id, attempt }) => [id, attempt]))
  return { watch, told, started, ended, settled, attempts }
}

test('several in hand are suspects; the one that was alone has spent its attempt', () => {
  const { watch, told, started, ended, attempts } = open()
  started('a', ['x', 'y', 'z'])
  ended('a', 'z', 'ok')
  watch.ended('a', 'SIGKILL', false)
  expect(attempts()).toEqual({ x: 0, y: 0 })
  started('a', ['x'])
  watch.ended('a', 'code 7', false)
  expect(attempts()).toEqual({ y: 0, x: 1 })
  expect(told.at(-1)?.at(-1)).toEqual({ group: 'g', id: 'x', attempt: 1, how: 'code 7' })
  started('a', ['x'], 2)
  watch.ended('a', 'code 7', false)
  expect(attempts()).toEqual({ y: 0, x: 2 })
})

test('an end that was asked for, and one with nothing in hand, is nobody’s attempt', () => {
  const { watch, told, started } = open()
  started('a', ['x'])
  watch.ended('a', 'SIGTERM', true)
  watch.ended('a', 'SIGKILL', false)
  expect([watch.notes(), told]).toEqual([[], []])
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
