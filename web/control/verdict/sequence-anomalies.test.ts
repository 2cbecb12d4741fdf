import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { suspectAnew } from '../intake/after-restart.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { Ledger } from '../ledger/ledger.ts'
import { ledgerState, restoreLedger } from '../ledger/ledger-state.ts'
import { createAnswerWatch } from './answer-watch.ts'
import { epochMs, idOf, place, reportedLab, sequence } from './reported-lab.fixture.ts'

const attempted = (seqs: number[], more: { at?: number; body?: string; burstId?: string; epoch?: number } = {}) => {
  const { at = epochMs, body = '{}', burstId, epoch = 1 } = more
  const time = new Date(at).toISOString()
  const message = { type: 'order_placed', version: 1, traceparent: '', time, body, burstId }
  const messages = seqs.map((seq) => ({ seq, ...message }))
  return { kind: 'publish.attempted', at, ...sequence, epoch, messages } as TelemetryRecord
}

describe('dense sequences', () => {
  it('L36 unsent_message: a number that is left out, once its producer has reported past it', () => {
    const { tell, cover, look, found } = reportedLab()
    tell(attempted([1, 2, 5]))
    look()
    expect(found('unsent_message')).toBeUndefined()
    cover()
    look()
    look()
    expect(found('unsent_message')).toMatchObject({ count: 2, failing: 2, samples: [idOf(3), idOf(4)] })
    tell(attempted([3]))
    expect(found('unsent_message'), 'it was reported after all').toMatchObject({ count: 1, samples: [idOf(4)] })
  })

  it('L36 is found of any service that publishes, behind its own watermark', () => {
    const { tell, cover, look, found } = reportedLab()
    const sent = (seqs: number[]) => ({ ...attempted(seqs), producer: 'payment-1', topic: 'paid' }) as TelemetryRecord
    tell(sent([1, 4]))
    cover(['producer'])
    look()
    expect(found('unsent_message')).toBeUndefined()
    cover(['payment'])
    look()
    expect(found('unsent_message')).toMatchObject({
      ...{ count: 2, failing: 2, samples: ['payment-1:1:paid:2', 'payment-1:1:paid:3'] },
    })
    tell({ ...sent([1]), epoch: 2 } as TelemetryRecord)
    cover(['payment'])
    look()
    expect(found('unsent_message'), 'an epoch that ended owes nothing').toMatchObject({ count: 2 })
  })

  it('L36 is none where telemetry of the producer was late, or lost', () => {
    const { tell, cover, look, found, context } = reportedLab()
    tell(attempted([1, 3]), attempted([2]))
    cover()
    look()
    expect([found('unsent_message'), context.suspicions.size]).toEqual([undefined, 0])
    context.health.addMissing('producer', 1)
    tell(attempted([5]))
    cover()
    look()
    expect([found('unsent_message'), context.suspicions.size]).toEqual([undefined, 1])
  })

  it('L36 is none of the numbers that an epoch which has ended never reached', () => {
    const { tell, cover, look, context } = reportedLab()
    tell(attempted([1, 2]), attempted([1], { epoch: 2 }))
    cover()
    look()
    expect(context.anomalies.list()).toEqual([])
  })

  it('L36 gives way to a phantom where a consumer speaks of it', () => {
    const { tell, cover, look, found, started } = reportedLab()
    tell(attempted([1, 3]))
    cover()
    look()
    expect(found('unsent_message')).toMatchObject({ samples: [idOf(2)] })
    started(2, 1, epochMs + 5)
    cover()
    look()
    expect([found('unsent_message'), found('phantom_message')?.samples]).toEqual([undefined, [idOf(2)]])
  })

  it('L3 L36 is found again after a restart, and what was found is not reported twice', () => {
    const { tell, cover, look, context, found } = reportedLab()
    tell(attempted([1, 2_000, 2_002]))
    const restored = reportedLab()
    restoreLedger(restored.context.ledger, structuredClone(ledgerState(context.ledger)))
    suspectAnew(restored.context)
    restored.cover()
    restored.look()
    expect(restored.found('unsent_message')?.count).toBe(1_999)
    const again = new Ledger()
    restoreLedger(again, structuredClone(ledgerState(restored.context.ledger)))
    expect([...again.sequences()][0]?.unsent.size).toBe(1_999)
    cover()
    look()
    expect(found('unsent_message')?.count).toBe(1_999)
  })
})

describe('what was answered', () => {
  const watched = () => {
    const lab = reportedLab()
    const watch = createAnswerWatch(lab.context, lab.coverage, () => 'producer')
    const decide = (): void => {
      for (const decided of watch.decide()) applyResolution(lab.context, decided, place)
    }
    return { ...lab, watch, decide }
  }

  it('L37 unsent_message: acknowledged to the caller, and reported by nobody', () => {
    const { watch, tell, cover, found, decide } = watched()
    watch.acked(idOf(1))
    watch.acked(idOf(2))
    tell(attempted([1], { at: epochMs + 5 }))
    decide()
    expect(found('unsent_message')).toBeUndefined()
    cover()
    decide()
    expect(found('unsent_message')).toMatchObject({ count: 1, samples: [idOf(2)] })
  })

  it('L37 is none while telemetry of the producer has a gap', () => {
    const { watch, cover, found, decide, context } = watched()
    context.health.addMissing('producer', 1)
    watch.acked(idOf(1))
    cover()
    decide()
    expect(found('unsent_message')).toBeUndefined()
  })

  it('L37 unsent_message: a burst whose figures have more messages than telemetry', () => {
    const { watch, tell, cover, found, decide } = watched()
    tell(attempted([1, 2, 3], { burstId: 'burst-1' }))
    tell({
      ...{ kind: 'publish.settled', at: epochMs + 1, ...sequence },
      outcomes: [1, 2].map((seq) => ({ seq, state: 'acked' as const })),
    })
    const burst = { id: 'burst-1', type: 'order_placed', startedAt: new Date(epochMs).toISOString() }
    watch.burstEnded({ ...burst, attempted: 3, acked: 2 })
    watch.burstEnded({ ...burst, id: 'burst-2', attempted: 4, acked: 4 })
    cover()
    decide()
    expect(found('unsent_message')).toMatchObject({ count: 4, samples: ['burst-2'] })
    watch.burstEnded({ ...burst, attempted: 3, acked: 3 })
    cover()
    decide()
    expect(found('unsent_message')).toMatchObject({ count: 5, samples: ['burst-2', 'burst-1'] })
  })

  it('L37 counts what was published under a used identity for the burst all the same', () => {
    const { watch, tell, cover, found, decide } = watched()
    tell(attempted([1, 2], { burstId: 'burst-1' }), attempted([1, 2], { at: epochMs + 9, burstId: 'burst-1' }))
    tell({
      ...{ kind: 'publish.settled', at: epochMs + 10, ...sequence },
      outcomes: [1, 2, 1, 2].map((seq) => ({ seq, state: 'acked' as const })),
    })
    watch.burstEnded({
      id: 'burst-1',
      type: 'order_placed',
      startedAt: new Date(epochMs).toISOString(),
      attempted: 4,
      acked: 4,
    })
    cover()
    decide()
    expect([found('unsent_message'), found('identity_reused')?.count]).toEqual([undefined, 2])
  })
})

describe('an identity that is used again', () => {
  it('L38 identity_reused: one id, and two bodies or times; it is not reported twice', () => {
    const { tell, found, context } = reportedLab()
    tell(attempted([1, 2, 3]))
    tell(attempted([1], { body: '{"n":2}' }), attempted([2], { at: epochMs + 1 }), attempted([3]))
    expect(found('identity_reused')).toMatchObject({ count: 2, failing: 2, samples: [idOf(1), idOf(2)] })
    expect([...context.health.repeated]).toEqual([['producer-1', 1]])
    expect(context.ledger.publishes.at('orders', 'order_placed').attempted).toBe(3)
  })

  it('L22 L38 is found by its time where the journey of the first is no longer kept', () => {
    const { tell, found, context } = reportedLab()
    tell(attempted([1, 2]))
    for (const journey of [...context.traces.slots.all()]) context.traces.drop(journey)
    tell(attempted([1]), attempted([2], { at: epochMs + 60_000 }))
    expect(found('identity_reused')).toMatchObject({ count: 1, samples: [idOf(2)] })
  })
})

describe('a mail that was never answered', () => {
  const unanswered = {
    outcome: 'error' as const,
    effect: undefined,
    error: { type: 'SmtpUnanswered', message: 'no answer' },
    next: { state: 'retrying' as const, dueAt: epochMs + 20 },
  }
  const group = 'consumer-email'

  it('L27 L44 may have been taken: the one that follows is counted as a second effect, whichever is reported first', () => {
    for (const order of ['first', 'last']) {
      const { published, started, ended, found } = reportedLab()
      published(1)
      started(1, 1, epochMs + 5, group)
      started(1, 2, epochMs + 20, group)
      if (order === 'first') ended(1, 1, epochMs + 6, group, unanswered)
      ended(1, 2, epochMs + 21, group)
      if (order === 'last') ended(1, 1, epochMs + 6, group, unanswered)
      expect(found('duplicate_effect'), order).toMatchObject({ count: 1, failing: 0, groups: { [group]: 1 } })
    }
  })

  it('L44 counts nothing while no other run has acted', () => {
    const { published, started, ended, found } = reportedLab()
    published(1)
    started(1, 1, epochMs + 5, group)
    ended(1, 1, epochMs + 6, group, unanswered)
    expect(found('duplicate_effect')).toBeUndefined()
  })
})
