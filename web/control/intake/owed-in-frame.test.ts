import { expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { figuresOfBooks, leftByKill, temporary } from './intake.fixture.ts'
import { frameOf, openIntake } from './system.fixture.ts'

const stays = ['consumer-email']
const both = ['consumer-email', 'consumer-db']
/** consumer-db takes the type until 100 and from 200 on. */
const owedAt = (_: string, at: number): readonly string[] => (at < 100 || at >= 200 ? both : stays)

const publish = { producer: 'producer-1', epoch: 1, topic: 'events' }
const attempted = (seq: number, at: number): TelemetryRecord => ({
  ...{ kind: 'publish.attempted', at, ...publish },
  messages: [
    { seq, type: 'user_signup', version: 1, key: 'k', traceparent: '', time: '2026-01-01T00:00:00Z', body: '{}' },
  ],
})
const acked = (seq: number, at: number): TelemetryRecord => ({
  ...{ kind: 'publish.settled', at, ...publish },
  outcomes: [{ seq, state: 'acked' }],
})

const owedTo = async (...frames: TelemetryRecord[][]): Promise<unknown[]> => {
  const directory = await temporary()
  const system = await openIntake(directory, { owedAt })
  for (const [index, records] of frames.entries()) system.intake.takeFrames([frameOf('producer-1', index + 1, records)])
  const again = await openIntake(await leftByKill(directory), { owedAt: () => both })
  expect(figuresOfBooks(again)).toEqual(figuresOfBooks(system))
  return both.map((group) => system.ledger.groups.at('events', group).owed)
}

it('L8 owes nothing to a group that stopped taking the type between the attempt of a publish and its answer', async () => {
  expect(await owedTo([attempted(1, 99)], [acked(1, 101)])).toEqual([1, 0])
  expect(await owedTo([attempted(1, 99), acked(1, 101)])).toEqual([1, 0])
  expect(await owedTo([attempted(1, 98)], [acked(1, 99)])).toEqual([1, 1])
})

it('owes nothing to a group that began to take the type while a publish was on its way', async () => {
  expect(await owedTo([attempted(1, 199), acked(1, 201)])).toEqual([1, 0])
  expect(await owedTo([attempted(1, 199), attempted(2, 200)], [acked(1, 201), acked(2, 201)])).toEqual([2, 0])
  expect(await owedTo([attempted(1, 200)], [acked(1, 201)])).toEqual([1, 1])
})

it('owes nothing to a group that stopped before the producer ended without an answer', async () => {
  const directory = await temporary()
  const system = await openIntake(directory, { owedAt })
  system.intake.takeFrames([frameOf('producer-1', 1, [attempted(1, 99)])])
  system.intake.epochGranted('producer-1', 2, 150)
  const seen = (group: string, at: number): TelemetryRecord => ({
    ...{ kind: 'delivery.started', at, group, instance: `${group}-1` },
    deliveries: [{ id: 'producer-1:1:events:1', attempt: 1, receiveCount: 1, receivedAt: at }],
  })
  system.intake.takeFrames([frameOf('consumer-email-1', 1, [seen('consumer-email', 160)])])
  const again = await openIntake(await leftByKill(directory), { owedAt: () => both })
  expect(figuresOfBooks(again)).toEqual(figuresOfBooks(system))
  expect(both.map((group) => system.ledger.groups.at('events', group).owed)).toEqual([1, 0])
})

it('keeps what was owed to a group of a publish that was answered before the group stopped', async () => {
  expect(await owedTo([attempted(1, 98)], [acked(1, 99)], [attempted(2, 101)], [acked(2, 102)])).toEqual([2, 1])
})
