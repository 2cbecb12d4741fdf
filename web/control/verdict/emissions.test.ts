import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { serviceWith } from '#contracts/service.fixture.ts'
import { leftByKill, temporary } from '../intake/intake.fixture.ts'
import { frameOf, openIntake } from '../intake/system.fixture.ts'
import { AnomalyBook } from '../ledger/anomaly-book.ts'
import { epochMs, idOf, reportedLab } from './reported-lab.fixture.ts'

interface Emitted {
  seq: number
  at: number
  /** Of the cause; that of the first attempt at the first order unless it says otherwise. */
  cause?: { id?: string; group?: string; attempt?: number; ordinal?: number }
  correlationId?: string
}

const from = { producer: 'consumer-db-1', epoch: 1, topic: 'paid' }
const paidId = (seq: number): string => `consumer-db-1:1:paid:${seq}`

const emitted = ({ seq, at, cause = {}, correlationId }: Emitted): TelemetryRecord => {
  const { id = idOf(1), group = 'consumer-db', attempt = 1, ordinal = 1 } = cause
  return {
    ...{ kind: 'publish.attempted', at, ...from },
    messages: [
      {
        ...{ seq, type: 'paid', version: 1, traceparent: '', time: new Date(at).toISOString(), body: '{}', hops: 1 },
        ...{ correlationId: correlationId ?? id, cause: { id, group, attempt, receiveCount: attempt, ordinal } },
      },
    ],
  }
}
const answered = (seq: number, at: number, state: 'acked' | 'failed' | 'indeterminate' = 'acked'): TelemetryRecord => ({
  ...{ kind: 'publish.settled', at, ...from, outcomes: [{ seq, state }] },
})

describe('what a handler publishes', () => {
  it('L55 duplicate_emission: a second attempt published it again, and the broker has both', () => {
    const { published, started, ended, tell, found } = reportedLab()
    published(1)
    for (const attempt of [1, 2]) {
      const at = epochMs + attempt * 100
      started(1, attempt, at)
      tell(emitted({ seq: attempt, at: at + 1, cause: { attempt } }), answered(attempt, at + 2))
      ended(
        1,
        attempt,
        at + 3,
        'consumer-db',
        attempt === 1 ? { outcome: 'error', next: { state: 'retrying', dueAt: at } } : {},
      )
      // Another of the same type, and reported again.
      tell(answered(attempt, at + 2), emitted({ seq: attempt, at: at + 1, cause: { attempt } }))
    }
    tell(emitted({ seq: 3, at: epochMs + 202, cause: { attempt: 2, ordinal: 2 } }), answered(3, epochMs + 203))
    expect(found('duplicate_emission')).toMatchObject({
      ...{ count: 1, failing: 1, samples: [paidId(2)], groups: { 'consumer-db': 1 } },
    })
  })

  it('L55 duplicate_emission: not where the broker has only one of them; counted where no single one is promised', () => {
    const { published, started, tell, found } = reportedLab()
    published(1)
    started(1, 1, epochMs + 5)
    started(1, 2, epochMs + 6)
    tell(emitted({ seq: 1, at: epochMs + 7 }), answered(1, epochMs + 8, 'indeterminate'))
    tell(emitted({ seq: 2, at: epochMs + 9, cause: { attempt: 2 } }), answered(2, epochMs + 10))
    expect(found('duplicate_emission')).toBeUndefined()
    // The first one was there after all.
    tell({
      ...{ kind: 'delivery.started', at: epochMs + 20, group: 'consumer-email', instance: 'consumer-email-1' },
      deliveries: [{ id: paidId(1), attempt: 1, receiveCount: 1, receivedAt: epochMs + 19 }],
    })
    expect(found('duplicate_emission')).toMatchObject({ count: 1, failing: 1, samples: [paidId(1)] })
    for (const attempt of [1, 2]) {
      tell(
        {
          ...{ kind: 'delivery.started', at: epochMs + 30, group: 'consumer-email', instance: 'consumer-db-1' },
          deliveries: [{ id: idOf(1), attempt, receiveCount: attempt, receivedAt: epochMs + 29 }],
        },
        emitted({ seq: 2 + attempt, at: epochMs + 31, cause: { group: 'consumer-email', attempt } }),
        answered(2 + attempt, epochMs + 32),
      )
    }
    expect(found('duplicate_emission')).toMatchObject({ count: 2, failing: 1 })
  })

  it('L55 duplicate_emission: counted of a built-in service, whose effect is promised all the same', () => {
    const database = serviceWith({ name: 'consumer-db', idempotent: true })
    const anomalies = new AnomalyBook((group) => (group === database.name ? database : undefined))
    anomalies.raise('duplicate_emission', paidId(1), epochMs, 'consumer-db')
    anomalies.raise('duplicate_effect', idOf(1), epochMs, 'consumer-db')
    anomalies.raise('duplicate_effect', idOf(2), epochMs, 'gone')
    expect(anomalies.list()).toMatchObject([
      { name: 'duplicate_effect', count: 2, failing: 1 },
      { name: 'duplicate_emission', count: 1, failing: 0 },
    ])
  })

  it('L56 phantom_message: it names a cause that its process was not handling', () => {
    const { published, started, ended, tell, cover, look, found, context } = reportedLab()
    for (const seq of [1, 2, 3]) published(seq)
    started(1, 1, epochMs + 1_000)
    tell(emitted({ seq: 7, at: epochMs + 1_001 }), answered(7, epochMs + 1_002))
    ended(1, 1, epochMs + 1_005)
    started(2, 1, epochMs + 2_000)
    const at = epochMs + 2_001
    tell(
      emitted({ seq: 1, at, cause: { id: idOf(2) } }),
      // A message that was done before, one that it never had, one that nobody has, another attempt, and another flow.
      emitted({ seq: 2, at, cause: { id: idOf(1) } }),
      emitted({ seq: 3, at, cause: { id: idOf(3) } }),
      emitted({ seq: 4, at, cause: { id: 'nobody-1:1:orders:7' } }),
      emitted({ seq: 5, at, cause: { id: idOf(2), attempt: 2 } }),
      emitted({ seq: 6, at, cause: { id: idOf(2) }, correlationId: idOf(1) }),
    )
    look()
    expect(found('phantom_message'), 'nothing is judged before its service has reported past it').toBeUndefined()
    cover()
    look()
    const wrong = [2, 3, 4, 5, 6].map(paidId)
    expect(found('phantom_message')).toMatchObject({
      count: 5,
      failing: 5,
      samples: wrong,
      groups: { 'consumer-db': 5 },
    })
    expect(context.suspicions.size).toBe(0)
  })

  it('L55 L56 given out again under the same numbers after a kill, and published again: twice, and no phantom', () => {
    const { published, started, ended, tell, cover, look, found } = reportedLab()
    published(1)
    for (const epoch of [1, 2]) {
      const at = epochMs + epoch * 100
      const attempted = emitted({ seq: 1, at: at + 1 })
      started(1, 1, at)
      tell({ ...attempted, epoch } as TelemetryRecord, { ...answered(1, at + 2), epoch } as TelemetryRecord)
      // The first process was killed after this, before the broker had its commit.
      ended(1, 1, at + 3)
    }
    cover()
    look()
    expect(found('phantom_message')).toBeUndefined()
    expect(found('duplicate_emission')).toMatchObject({ count: 1, samples: ['consumer-db-1:2:paid:1'] })
  })

  it('L19 L56 phantom_message: not where the delivery is reported late, nor while telemetry has a gap', () => {
    const { published, started, tell, cover, look, found, context } = reportedLab()
    published(1)
    tell(emitted({ seq: 1, at: epochMs + 10 }))
    started(1, 1, epochMs + 5)
    cover()
    look()
    expect(found('phantom_message')).toBeUndefined()
    context.health.addMissing('consumer-db', 1)
    tell(emitted({ seq: 2, at: epochMs + 10, cause: { id: idOf(9) } }))
    cover()
    look()
    expect([found('phantom_message'), context.suspicions.size]).toEqual([undefined, 1])
  })

  it('L57 a message is delivered when the broker has what its handler sent, and not before', () => {
    const { published, started, ended, settled, tell, found, context } = reportedLab()
    const counts = () => context.ledger.groups.at('orders', 'consumer-db')
    published(1)
    started(1, 1, epochMs + 5)
    tell(emitted({ seq: 1, at: epochMs + 6 }), emitted({ seq: 2, at: epochMs + 6, cause: { ordinal: 2 } }))
    tell(answered(1, epochMs + 7))
    ended(1, 1, epochMs + 8)
    expect(counts()).toMatchObject({ delivered: 0, handling: 1 })
    settled(1, 'acked', epochMs + 9)
    expect(found('premature_commit')).toMatchObject({ count: 1, failing: 1, samples: [idOf(1)] })
    tell(answered(2, epochMs + 10))
    expect(counts()).toMatchObject({ delivered: 1, handling: 0 })
    expect(context.ledger.emissions.state().length).toBe(0)
  })

  it('L24 L57 premature_commit: what its handler sent was reported only when the message was done', () => {
    const { published, started, ended, settled, tell, found, cover, look } = reportedLab()
    published(1)
    published(2)
    for (const seq of [1, 2]) {
      started(seq, 1, epochMs + seq * 10)
      ended(seq, 1, epochMs + seq * 10 + 1)
      settled(seq, 'acked', epochMs + seq * 10 + 2)
    }
    tell(emitted({ seq: 1, at: epochMs + 30 }), emitted({ seq: 2, at: epochMs + 31, cause: { ordinal: 2 } }))
    tell(answered(1, epochMs + 32), answered(2, epochMs + 33))
    cover()
    look()
    expect(found('premature_commit')).toMatchObject({ count: 1, failing: 1, samples: [idOf(1)] })
    expect(found('phantom_message')).toBeUndefined()
    // That place is taken: another message is meant.
    tell(emitted({ seq: 3, at: epochMs + 40 }), answered(3, epochMs + 41))
    cover()
    look()
    expect(found('premature_commit')).toMatchObject({ count: 1 })
    expect(found('phantom_message')).toMatchObject({ count: 1, samples: [paidId(3)] })
    expect(found('duplicate_emission')).toBeUndefined()
  })

  it('L23 L57 lost_message: the broker refused what its handler sent, and the message was settled all the same', () => {
    const { published, started, ended, settled, tell, cover, look, found, context } = reportedLab()
    published(1)
    started(1, 1, epochMs + 5)
    tell(emitted({ seq: 1, at: epochMs + 6 }), answered(1, epochMs + 7, 'failed'))
    ended(1, 1, epochMs + 8)
    settled(1, 'acked', epochMs + 9)
    cover()
    look()
    expect(found('lost_message')).toMatchObject({ count: 1, samples: [idOf(1)], groups: { 'consumer-db': 1 } })
    expect(context.ledger.emissions.state().length).toBe(0)
  })

  it('L11 L57 a run that failed or was cut off waits for nothing', () => {
    const { published, started, ended, tell, context } = reportedLab()
    published(1)
    for (const attempt of [1, 2, 3]) {
      started(1, attempt, epochMs + attempt * 10)
      tell(emitted({ seq: attempt, at: epochMs + attempt * 10 + 1, cause: { attempt } }))
      if (attempt === 1) {
        ended(1, 1, epochMs + 12, 'consumer-db', { outcome: 'error', next: { state: 'retrying', dueAt: epochMs + 13 } })
      }
    }
    // Only the run of now: the broker gave the message out again.
    expect(context.ledger.emissions.state().length).toBe(1)
    tell(answered(3, epochMs + 40))
    ended(1, 3, epochMs + 41)
    expect(context.ledger.groups.at('orders', 'consumer-db')).toMatchObject({ delivered: 1 })
    expect(context.ledger.emissions.state().length).toBe(0)
  })

  it('L3 L57 what is under way, and what was published, outlives a kill at any record', async () => {
    const who = { group: 'consumer-db', instance: 'consumer-db-1' }
    const run = { id: idOf(1), attempt: 1, receiveCount: 1 }
    const second = { ...run, attempt: 2, receiveCount: 2 }
    const begun = (deliveries: (typeof run & { receivedAt: number })[]): TelemetryRecord => {
      return { kind: 'delivery.started', at: epochMs + 5, ...who, deliveries }
    }
    const records: TelemetryRecord[] = [
      {
        ...{ kind: 'publish.attempted', at: epochMs, producer: 'producer-1', epoch: 1, topic: 'orders' },
        messages: [{ seq: 1, type: 'order_placed', version: 1, traceparent: '', time: '', body: '{}' }],
      },
      {
        ...{ kind: 'publish.settled', at: epochMs + 1, producer: 'producer-1', epoch: 1, topic: 'orders' },
        outcomes: [{ seq: 1, state: 'acked' }],
      },
      begun([{ ...run, receivedAt: epochMs + 4 }]),
      emitted({ seq: 1, at: epochMs + 6 }),
      answered(1, epochMs + 7),
      emitted({ seq: 2, at: epochMs + 7, cause: { ordinal: 2 } }),
      begun([{ ...second, receivedAt: epochMs + 8 }]),
      emitted({ seq: 3, at: epochMs + 9, cause: { attempt: 2 } }),
      {
        kind: 'delivery.ended',
        at: epochMs + 10,
        ...who,
        deliveries: [{ ...second, startedAt: epochMs + 8, endedAt: epochMs + 10, outcome: 'ok' }],
      },
      answered(3, epochMs + 11),
      { kind: 'delivery.settled', at: epochMs + 12, ...who, settlement: 'acked', ids: [idOf(1)] },
    ]
    for (const clean of [false, true]) {
      for (let cut = 0; cut <= records.length; cut += 1) {
        const directory = await temporary()
        let system = await openIntake(directory)
        for (const [index, record] of records.entries()) {
          if (index === cut) {
            if (clean) await system.intake.close()
            system = await openIntake(await leftByKill(directory))
          }
          const source = 'producer' in record ? record.producer : who.instance
          system.intake.takeFrames([frameOf(source, index + 1, [record])])
        }
        const { ledger, context } = system
        const { delivered, handling } = ledger.groups.at('orders', 'consumer-db')
        const anomalies = context.anomalies.list().map(({ name, count }) => `${name} ${count}`)
        expect({ cut, clean, delivered, handling, anomalies, waiting: ledger.emissions.state().length }).toEqual({
          ...{ cut, clean, delivered: 1, handling: 0, waiting: 0 },
          anomalies: ['duplicate_emission 1', 'duplicate_delivery 1'],
        })
      }
    }
  }, 30_000)
})
