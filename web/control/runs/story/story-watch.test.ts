import { expect, test } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'
import { scriptedLab } from '../fixtures/scripted-lab.ts'
import { lookAt } from '../watch/lab-figures.ts'
import { MessageTimes } from '../watch/message-times.ts'
import { Backlogs } from './backlogs.ts'
import { StoryWatch } from './story-watch.ts'

const startedAt = 1_000_000
const of = { group: 'consumer-db' }
const started = (instance: string, receiveCount: number, ...ids: string[]): TelemetryRecord => ({
  ...{ kind: 'delivery.started', at: startedAt + 10, ...of, instance },
  deliveries: ids.map((id) => ({ id, attempt: 1, receiveCount, receivedAt: startedAt + 10 * receiveCount })),
})
const ended = (instance: string, more: object, ...ids: string[]): TelemetryRecord => ({
  ...{ kind: 'delivery.ended', at: startedAt + 20, ...of, instance },
  deliveries: ids.map((id) => ({
    ...{ id, attempt: 1, receiveCount: 1, startedAt: startedAt + 15, endedAt: startedAt + 20, outcome: 'ok' as const },
    ...more,
  })),
})
const settled = (instance: string, ...ids: string[]): TelemetryRecord => ({
  ...{ kind: 'delivery.settled', at: startedAt + 25, ...of, instance, settlement: 'acked', ids },
})
const gone = (instance: string): TelemetryRecord => ({
  ...{ kind: 'process.ended', at: startedAt + 30, service: 'consumer-db', instance, incarnation: 'i', how: 'SIGKILL' },
})

function watch() {
  const world = scriptedLab()
  const written: LineWithoutTime[] = []
  const story = new StoryWatch({ lab: world.lab, startedAt, tell: (line) => void written.push(line) })
  const before = world.lab.report()
  const figures = () => lookAt(world.lab, { report: before, flows: [] }, new MessageTimes('0'.repeat(16)))
  const look = (at: number) => story.look(figures(), before, at)
  const finish = (at: number) => story.finish(figures(), { before, others: 0 }, at)
  const last = (kind: LineWithoutTime['kind']) => written.findLast((line) => line.kind === kind)
  return { world, written, story, look, finish, last }
}

test('what a killed process had taken and not settled is followed until it is delivered again', () => {
  const { story, finish, last } = watch()
  story.take([started('consumer-db-1', 1, 'a', 'b', 'c', 'd'), settled('consumer-db-1', 'a'), gone('consumer-db-1')])
  expect(last('process')).toEqual({
    ...{ kind: 'process', at: 30, service: 'consumer-db', instance: 'consumer-db-1', state: 'ended' },
    ...{ how: 'SIGKILL', inHand: 3 },
  })
  story.take([
    started('consumer-db-2', 2, 'b', 'c', 'x'),
    ended('consumer-db-2', { effect: { kind: 'row', ref: 'r', suppressed: true } }, 'b'),
    ended('consumer-db-2', { effect: { kind: 'row', ref: 'r' } }, 'c'),
  ])
  finish(2_000)
  expect(last('hands')).toEqual({
    ...{ kind: 'hands', ...of, instance: 'consumer-db-1', endedAt: 30, inHand: 3, again: 2, afterEffect: 1 },
    ...{ firstAt: 20, samples: ['b', 'c', 'd'] },
  })
  expect(last('suppressed')).toMatchObject({ count: 1, samples: ['b'] })
})

test('a process that had nothing in flight, or takes nothing, leaves nothing to follow', () => {
  const { story, finish, last } = watch()
  story.take([
    started('consumer-db-1', 1, 'a'),
    settled('consumer-db-1', 'a'),
    gone('consumer-db-1'),
    gone('producer-1'),
  ])
  expect(last('process')).not.toHaveProperty('inHand')
  finish(2_000)
  expect(last('hands')).toBeUndefined()
})

test('retries and dead letters are counted with their errors, at once and then now and again', () => {
  const { story, look, finish, written, last } = watch()
  const retrying = { outcome: 'error', error: { type: 'Timeout', message: '' }, next: { state: 'retrying', dueAt: 1 } }
  for (let turn = 0; turn < 20; turn += 1) {
    story.take([ended('consumer-db-1', retrying, `m-${turn}`)])
    look(turn * 250)
  }
  expect(written.filter(({ kind }) => kind === 'retries')).toHaveLength(1)
  const letter = { ...retrying, attempt: 3, next: { state: 'dead_lettered', reason: 'max_attempts' } }
  story.take([ended('consumer-db-1', letter, 'm-1')])
  finish(5_000)
  expect(last('retries')).toMatchObject({ count: 20, messages: 20, firstAt: 20, errors: { Timeout: 20 } })
  expect(last('retries')).toHaveProperty('samples', ['m-0', 'm-1', 'm-2', 'm-3', 'm-4'])
  expect(last('dead_letters')).toMatchObject({ count: 1, reasons: { max_attempts: 1 }, errors: { Timeout: 1 } })
  expect(last('obligations')).toMatchObject({ owed: 0, lost: 0 })
})

test('processes are reported when their state changes, not when they are first seen', () => {
  const { world, look, written } = watch()
  look(100)
  look(200)
  expect(written.filter(({ kind }) => kind === 'process')).toEqual([])
  const { list } = world.lab.services
  world.lab.services.list = () =>
    list().map((service) => ({
      ...service,
      replicas: service.replicas.map((replica) => ({ ...replica, pid: 7, since: startedAt + 250 })),
    }))
  look(300)
  expect(written.filter(({ kind }) => kind === 'process')).toHaveLength(3)
  expect(written).toContainEqual({
    ...{ kind: 'process', at: 250, service: 'consumer-db', instance: 'consumer-db-1', state: 'up', pid: 7 },
  })
})

test('what the ledger had counted before the run is taken off', () => {
  const { world, look, last } = watch()
  world.lost = 3
  look(400)
  expect(last('anomaly')).toMatchObject({ name: 'lost_message', count: 3, failing: 3, firstAt: 400 })
})

test('a backlog is reported when it is worked off, with its highest look; a few messages are none', () => {
  const backlogs = new Backlogs()
  const written = [5, 40, 90, 60, 12, 2, 4, 30].flatMap((lag, index) =>
    backlogs.look({ db: lag, email: 9 }, index * 250),
  )
  expect(written).toEqual([
    { kind: 'backlog', group: 'db', beganAt: 0, peak: 90, peakAt: 500, drainedAt: 1_250, left: 2 },
  ])
  expect(backlogs.lines()).toEqual([{ kind: 'backlog', group: 'db', beganAt: 1_500, peak: 30, peakAt: 1_750 }])
})
