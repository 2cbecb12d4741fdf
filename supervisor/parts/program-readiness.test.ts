import { describe, expect, it } from 'vitest'
import type { ServiceStatus } from '#contracts/api/live.ts'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import { untilProgramsReady } from './program-readiness.ts'

const payment = { service: 'payment', replicas: 2, readyWithinMs: 1 }
const noEnd = { stopping: () => false, marginMs: 600_000 }

const replica = (number: number, more: Partial<ReplicaStatus>): ReplicaStatus => ({
  ...{ instance: `payment-${number}`, pid: null, broker: 'local', state: 'up', restarts: 0, since: 0 },
  ...more,
})
const status = (replicas: ReplicaStatus[], more: Partial<ServiceStatus> = {}): ServiceStatus => ({
  ...{ name: 'payment', connected: true, wanted: 2, replicas, links: [], gauges: [] },
  ...more,
})
/** Answers with each of these in turn, then always with the last one. */
function answering(...answers: (ServiceStatus[] | Error)[]): () => Promise<ServiceStatus[]> {
  return async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer instanceof Error) throw answer
    return answer ?? []
  }
}

describe('untilProgramsReady', () => {
  it('waits for every replica that is wanted, also while nobody answers', async () => {
    const look = answering(
      new Error('connect ECONNREFUSED'),
      [],
      [status([], { connected: false })],
      [status([replica(1, {})])],
      [status([replica(1, {}), replica(2, { state: 'waiting-for-broker' })])],
      [status([replica(1, {}), replica(2, {})])],
    )
    expect(await untilProgramsReady({ programs: [payment], look, ...noEnd })).toEqual([])
  })

  it('names a program that is not ready in time, with its state and what it waits for', async () => {
    const starting = replica(2, { state: 'starting', detail: 'waits for python3 to be ready' })
    const look = answering([status([replica(1, {}), starting])])
    const lines = await untilProgramsReady({ programs: [payment], look, stopping: () => false, marginMs: 0 })
    expect(lines).toEqual(['payment-2 is starting: waits for python3 to be ready'])
  })

  it('names one that failed three times before its time is over, with the reason and when it is tried again', async () => {
    const reason = "the program does not run: it ended before it was ready: exit code 1: No module named 'flask'"
    const nextStartAt = new Date(2026, 2, 14, 12, 0, 3).getTime()
    const backoff = (restarts: number) => replica(2, { state: 'backoff', detail: reason, restarts, nextStartAt })
    const look = answering([status([replica(1, {}), backoff(1)])], [status([replica(1, {}), backoff(3)])])
    expect(await untilProgramsReady({ programs: [payment], look, ...noEnd })).toEqual([
      `payment-2 waits until 12:00:03 for its next start, 3 starts failed: ${reason}`,
    ])
  })

  it('keeps the reason of a replica that is just starting again', async () => {
    const reason = 'the program does not run: it did not open its port 4711 within 100 ms (PORT says which port)'
    const backoff = replica(1, { state: 'backoff', detail: reason, restarts: 2, nextStartAt: 1 })
    const again = replica(1, { state: 'starting', restarts: 3 })
    const look = answering([status([backoff])], [status([again])])
    const one = { ...payment, replicas: 1 }
    const lines = await untilProgramsReady({ programs: [one], look: wanted(look, 1), ...noEnd })
    expect(lines).toEqual([`payment-1 is starting again, 3 starts failed: ${reason}`])
  })

  it('says which sidecar is away, and nothing once the lab is being stopped', async () => {
    const look = answering([])
    const programs = [payment]
    expect(await untilProgramsReady({ programs, look, stopping: () => false, marginMs: 0 })).toEqual([
      'payment: its sidecar is not connected',
    ])
    expect(await untilProgramsReady({ programs, look, stopping: () => true })).toEqual([])
  })
})

/** The same, with another number of replicas that a user asked for. */
function wanted(look: () => Promise<ServiceStatus[]>, replicas: number): () => Promise<ServiceStatus[]> {
  return async () => (await look()).map((service) => ({ ...service, wanted: replicas }))
}
