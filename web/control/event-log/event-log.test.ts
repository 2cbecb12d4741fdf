import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { eventLogKept, notesKept } from '#contracts/api/event-log.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { openEventLog } from './event-log.ts'
import { lifecycleEntries } from './lifecycle.ts'

const log = pino({ level: 'silent' })
const line = (message: string) => ({ kind: 'lab', level: 'info', message }) as const

test('entries count on over a restart, and a torn last line is left out', async () => {
  const path = join(await temporaryFolder('event-log'), 'state', 'events.jsonl')
  const first = await openEventLog(path, log)
  for (const word of ['a', 'b', 'c']) first.add(line(word))
  await first.flush()
  await appendFile(path, '{"seq":4,"at":"2026-')
  const second = await openEventLog(path, log)
  expect(second.page(2).map(({ seq, message }) => [seq, message])).toEqual([
    [3, 'c'],
    [2, 'b'],
  ])
  second.add(line('d'))
  expect(second.since(3, 10).map(({ seq, message }) => [seq, message])).toEqual([[4, 'd']])
  expect(second.page(10, 3).map(({ message }) => message)).toEqual(['b', 'a'])
  await second.flush()
})

test('the ring and its file are bounded', async () => {
  const path = join(await temporaryFolder('event-log'), 'events.jsonl')
  const events = await openEventLog(path, log)
  for (let n = 1; n <= 3 * eventLogKept; n += 1) events.add(line(`${n}`))
  await events.flush()
  events.add(line('last'))
  await events.flush()
  expect(events.page(1)[0]).toMatchObject({ seq: 3 * eventLogKept + 1, message: 'last' })
  expect(events.page(10_000)).toHaveLength(eventLogKept)
  const kept = (await readFile(path, 'utf8')).split('\n').length
  expect(kept).toBeLessThanOrEqual(2 * eventLogKept + 2)
  expect((await openEventLog(path, log)).last()).toBe(3 * eventLogKept + 1)
})

test('notes stay when older entries go, until there are too many of them', async () => {
  const path = join(await temporaryFolder('event-log'), 'events.jsonl')
  const events = await openEventLog(path, log)
  const note = events.add({ kind: 'note', level: 'info', message: 'the kill begins' })
  expect(note).toMatchObject({ seq: 1, message: 'the kill begins' })
  for (let n = 1; n <= 2 * eventLogKept; n += 1) events.add(line(`${n}`))
  expect(events.page(10_000).at(-1)).toEqual(note)
  await events.flush()
  expect((await openEventLog(path, log)).page(10_000).at(-1)).toEqual(note)
  for (let n = 0; n < notesKept; n += 1) events.add({ kind: 'note', level: 'info', message: `${n}` })
  events.add(line('one more'))
  expect(events.page(10_000)).toHaveLength(eventLogKept)
  expect(events.page(10_000)).not.toContainEqual(note)
  await events.flush()
})

test('a worker that is seen for the first time has started', () => {
  const nothing = { services: [], parts: [] }
  expect(lifecycleEntries(nothing, { ...nothing, services: [service('up', 1)] }).map(({ message }) => message)).toEqual(
    ['consumer-db-1 is up (process 1)'],
  )
  expect(lifecycleEntries(nothing, { ...nothing, services: [service('killed', null)] })).toEqual([])
})

const service = (
  state: ServiceStatus['replicas'][number]['state'],
  pid: number | null,
  connected = true,
): ServiceStatus => ({
  ...{ name: 'consumer-db', connected, links: [], gauges: [] },
  replicas: [{ instance: 'consumer-db-1', broker: 'local', pid, state, restarts: 0, since: 1 }],
})

test('what changes between two sights of the lab is logged, once', () => {
  const up = { services: [service('up', 1)], parts: [{ name: 'database' as const, up: true }] }
  expect(lifecycleEntries(up, up)).toEqual([])
  const killed = {
    services: [service('killed', null)],
    parts: [{ name: 'database' as const, up: false, problem: 'no answer' }],
  }
  expect(lifecycleEntries(up, killed).map(({ message, level }) => [message, level])).toEqual([
    ['consumer-db-1 is killed', 'warn'],
    ['no answer', 'error'],
  ])
  const back = { services: [service('up', 2)], parts: up.parts }
  expect(lifecycleEntries(killed, back).map(({ message }) => message)).toEqual([
    'consumer-db-1 is up (process 2)',
    'the database answers',
  ])
  expect(lifecycleEntries(up, { ...up, services: [service('up', 1, false)] })[0]).toMatchObject({
    message: 'the sidecar of consumer-db is gone',
    subject: 'consumer-db',
  })
  expect(lifecycleEntries(up, { ...up, services: [service('up', 9)] })[0]?.message).toBe(
    'consumer-db-1 is up (process 9)',
  )
})
