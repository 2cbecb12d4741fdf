import { expect, test } from 'vitest'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { HostedService, ReplicaStatus, TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { CommandReply, Seat, WorkerCommand } from '#contracts/protocols/worker.ts'
import { createSeats } from './seats.ts'

const service = (name: string, fixedMs = 1): HostedService => ({
  ...{ name, concurrency: 4, hopLimit: 32, fromOutside: false },
  body: {
    kind: 'simulated',
    work: { fixedMs },
    fails: { share: 0, errorType: 'No' },
    sends: {},
    seed: 1,
    shared: true,
  },
})
const fault: HeldFault = { id: 'f-1', type: 'handler.error', by: 'runtime', percent: 100, params: {}, seed: 1 }

/** Seats of a process that does what it is asked, and notes it. */
function open() {
  const commands: { command: WorkerCommand; seat: number | undefined }[] = []
  const records: TelemetryRecord[] = []
  const frames: TelemetryFrame[] = []
  let lastEpoch = 0
  let host: ReplicaStatus = {
    ...{ instance: 'simulated-services-1', pid: 7, broker: 'local', state: 'up', restarts: 0, since: 1 },
  }
  const seats = createSeats({
    host: () => host,
    epochs: async (instances) => instances.map(() => (lastEpoch += 1)),
    onTelemetry: (frame) => frames.push(frame),
    write: (written) => records.push(...written),
    onChange: () => undefined,
    onEvent: () => undefined,
    now: () => 1,
  })
  const send = async (command: WorkerCommand, seat?: number): Promise<CommandReply> => {
    commands.push({ command, seat })
    return { id: 0, ok: true }
  }
  const opened = (): Seat[] => commands.flatMap(({ command }) => (command.kind === 'seats.open' ? command.seats : []))
  const closed = (): number[] =>
    commands.flatMap(({ command }) => (command.kind === 'seats.close' ? command.seats : []))
  const say = (seat: number, state: string): void =>
    seats.frame({ kind: 'state', seq: 0, seat, body: Buffer.from(JSON.stringify({ state })) })
  return {
    ...{ seats, commands, records, frames, opened, closed, say },
    start: () => seats.started({ pid: 7, send }, 'local'),
    hostIs: (next: Partial<ReplicaStatus>) => {
      host = { ...host, ...next }
    },
  }
}

test('services come and go in the process that runs; others stay where they are', async () => {
  const { seats, start, opened, closed, records } = open()
  start()
  await seats.want({ hosted: [service('a'), service('b')], replicas: { a: 2, b: 1 } })
  expect(opened().map(({ instance, epoch }) => [instance, epoch])).toEqual([
    ...[
      ['a-1', 1],
      ['a-2', 2],
      ['b-1', 3],
    ],
  ])
  await seats.want({ hosted: [service('a'), service('c')], replicas: { a: 1, c: 1 } })
  expect(closed()).toEqual([2, 3])
  expect(
    opened()
      .slice(3)
      .map(({ instance }) => instance),
  ).toEqual(['c-1'])
  expect(records).toMatchObject([
    { kind: 'process.ended', instance: 'a-2', how: 'code 0' },
    { kind: 'process.ended', instance: 'b-1', how: 'code 0' },
  ])
  expect(seats.all().map(({ service: name }) => name)).toEqual(['a', 'c'])
  // Another body is another seat; another sender of what it takes is not.
  await seats.want({ hosted: [{ ...service('a'), fromOutside: true }, service('c', 9)], replicas: {} })
  expect(closed()).toEqual([2, 3, 4])
  expect(opened().at(-1)).toMatchObject({ instance: 'c-1', number: 5 })
})

test('the end of the process is the end of all, and the next one opens them under new epochs', async () => {
  const { seats, start, opened, records, say, hostIs } = open()
  await seats.want({ hosted: [service('a'), service('b')], replicas: {} })
  start()
  await expect.poll(() => opened()).toHaveLength(2)
  say(1, 'running')
  expect(seats.all()[0]?.replicas).toMatchObject([{ instance: 'a-1', state: 'up', pid: 7 }])
  hostIs({ state: 'backoff', detail: 'ended without a command (SIGKILL)', restarts: 1, pid: null })
  seats.gone('SIGKILL')
  expect(records).toMatchObject([
    { kind: 'process.ended', instance: 'a-1', how: 'SIGKILL' },
    { kind: 'process.ended', instance: 'b-1', how: 'SIGKILL' },
  ])
  expect(seats.all()[0]?.replicas).toMatchObject([
    {
      state: 'backoff',
      detail: 'the process that it shares: ended without a command (SIGKILL)',
      restarts: 1,
      pid: null,
    },
  ])
  start()
  await expect.poll(() => opened()).toHaveLength(4)
  expect(opened().slice(2)).toMatchObject([{ instance: 'a-1', number: 3, epoch: 3 }, { instance: 'b-1' }])
})

test('telemetry of a seat is that of its replica, with an incarnation of its own for each time it opened', async () => {
  const { seats, start, opened, frames } = open()
  await seats.want({ hosted: [service('a'), service('b')], replicas: {} })
  start()
  await expect.poll(() => opened()).toHaveLength(2)
  for (const seat of [1, 2, 99]) seats.frame({ kind: 'telemetry', seq: 1, seat, body: Buffer.from('[]') })
  expect(frames.map(({ source, seq }) => [source, seq])).toEqual([
    ['a-1', 1],
    ['b-1', 1],
  ])
  expect(new Set(frames.map(({ incarnation }) => incarnation)).size).toBe(2)
})

test('only what changed is reported, until the receiver has forgotten', async () => {
  const { seats, start, opened, say } = open()
  await seats.want({ hosted: [service('a'), service('b')], replicas: {} })
  start()
  await expect.poll(() => opened()).toHaveLength(2)
  seats.takeChanged()
  say(2, 'running')
  expect(seats.takeChanged()).toMatchObject([{ service: 'b', replicas: [{ state: 'up' }] }])
  expect(seats.takeChanged()).toEqual([])
  seats.forgetReported()
  expect(seats.takeChanged()).toHaveLength(2)
})

test('a fault of one service reaches its seat alone, and what is done to a process is refused', async () => {
  const { seats, start, opened, commands } = open()
  await seats.want({ hosted: [service('a'), service('b')], replicas: {} })
  start()
  await expect.poll(() => opened()).toHaveLength(2)
  seats.holdFaults('b', [fault])
  await expect.poll(() => seats.all()[1]?.faults).toMatchObject([{ id: 'f-1', state: 'armed' }])
  expect(commands.filter(({ command }) => command.kind === 'faults')).toMatchObject([{ seat: 2 }])
  seats.holdFaults('a', [{ ...fault, id: 'f-2', type: 'process.kill', by: 'sidecar-process' }])
  await expect
    .poll(() => seats.all()[0]?.faults)
    .toMatchObject([{ id: 'f-2', state: 'failed', detail: expect.stringContaining('shares its process') }])
  // The next process holds it from its start.
  seats.gone('SIGKILL')
  start()
  await expect.poll(() => commands.filter(({ command }) => command.kind === 'faults')).toHaveLength(2)
})
