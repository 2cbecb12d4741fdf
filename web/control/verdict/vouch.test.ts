import pino from 'pino'
import { describe, expect, it } from 'vitest'
import type { AuditReport } from '#contracts/api/audit.ts'
import { suspectAnew } from '../intake/after-restart.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { ledgerState, restoreLedger } from '../ledger/ledger-state.ts'
import { makeLedgerReport } from './ledger-report.ts'
import { createReconciler } from './reconcile.ts'
import { epochMs, place, reportedLab } from './reported-lab.fixture.ts'
import { enterAudit } from './vouch.ts'

function lab() {
  const reported = reportedLab()
  const { context, coverage } = reported
  const now = (): number => epochMs + 60_000
  const report = () =>
    makeLedgerReport({
      ...{ context, coverage, health: context.health, now },
      ...{ dropped: () => [], refused: () => 0, broker: () => 'local' },
    })
  const audit = (more: Partial<AuditReport> = {}): AuditReport =>
    enterAudit(
      {
        ...report(),
        ...{ drained: true, undrained: [], tookMs: 1, disagreements: [], contents: [] },
        witnesses: { telemetry: { delivered: {}, deadLettered: {}, unsettled: 0 }, broker: null, effects: null },
        resolved: { absent: 0, lost: 0, delivered: 0, deadLettered: 0 },
        ...more,
      },
      {
        ...{ report, now },
        resolve: (decided) => {
          for (const each of decided) applyResolution(context, each, place)
        },
      },
    )
  const delivered = (seq: number): void => {
    reported.published(seq)
    for (const group of ['consumer-db', 'consumer-email']) {
      reported.started(seq, 1, epochMs + 5, group)
      reported.ended(seq, 1, epochMs + 6, group)
    }
  }
  return { ...reported, report, audit, delivered }
}

describe('an audit that accounts for everything', () => {
  it('L41 makes up for a gap of telemetry, and says until when', () => {
    const { delivered, report, audit, cover, context } = lab()
    delivered(1)
    cover()
    context.health.takeSidecar({ service: 'consumer-db', id: 'a', handedOver: false })
    context.health.takeSidecar({ service: 'consumer-db', id: 'b', handedOver: false })
    context.health.addUnreported('consumer-db')
    expect(report().verdict.result).toBe('inconclusive')
    const at = new Date(epochMs + 60_000).toISOString()
    const pass = { result: 'pass', reasons: [], auditedAt: at, vouchesSince: at }
    expect([audit().verdict, report().verdict]).toEqual([pass, pass])
    context.health.addMissing('consumer-db', 1)
    expect(report().verdict, 'what is lost later is a gap again').toMatchObject({ result: 'inconclusive' })
  })

  it('L41 vouches for nothing where the witnesses differ, something is open, or something is wrong', () => {
    const { delivered, published, report, audit, cover, context } = lab()
    delivered(1)
    cover()
    context.health.addMissing('consumer-db', 1)
    const kind = 'effect_unreported'
    expect(
      audit({ disagreements: [{ kind, weight: 'doubt', count: 1, samples: [], detail: '' }] }).verdict.vouchesSince,
    ).toBeUndefined()
    expect(audit({ drained: false }).verdict.vouchesSince).toBeUndefined()
    published(2)
    audit()
    expect(report().verdict).toMatchObject({ result: 'inconclusive', auditedAt: expect.any(String) })
    expect(report().verdict.vouchesSince).toBeUndefined()
  })

  it('L41 accounts for what could not be judged for the gap, also after a restart', () => {
    const { delivered, audit, cover, look, context, started, ended, found } = lab()
    delivered(1)
    context.health.addMissing('producer', 1)
    for (const group of ['consumer-db', 'consumer-email']) {
      started(2, 1, epochMs + 7, group)
      ended(2, 1, epochMs + 8, group)
    }
    cover()
    look()
    expect(context.suspicions.size).toBe(1)
    expect(audit().verdict.result).toBe('inconclusive')
    look()
    expect([context.suspicions.size, found('phantom_message')]).toEqual([0, undefined])
    const restored = reportedLab()
    restoreLedger(restored.context.ledger, structuredClone(ledgerState(context.ledger)))
    suspectAnew(restored.context)
    restored.cover()
    restored.look()
    expect([restored.context.suspicions.size, restored.found('phantom_message')]).toEqual([0, undefined])
  })

  it('L43 a pass says how many dead letters are left and how many effects were made twice', () => {
    const { published, started, ended, settled, report, cover } = lab()
    published(1)
    started(1, 1, epochMs + 5)
    settled(1, 'dead_lettered', epochMs + 6)
    started(1, 1, epochMs + 5, 'consumer-email')
    ended(1, 1, epochMs + 6, 'consumer-email')
    started(1, 2, epochMs + 7, 'consumer-email')
    ended(1, 2, epochMs + 8, 'consumer-email')
    cover()
    expect(report().verdict).toEqual({
      ...{ result: 'pass', reasons: [] },
      notes: [
        '1 dead letter was not delivered: kept, and to be redriven',
        '1 effect was made a second time, where the consumer cannot promise a single one',
      ],
    })
  })
})

describe('the books', () => {
  function reconciling() {
    let now = 0
    let gap = true
    let reports = 0
    const audits: number[] = []
    const answers = [2, 0]
    const reconciler = createReconciler({
      ...{ hasGap: () => gap, activity: () => String(reports), now: () => now, log: pino({ level: 'silent' }) },
      async audit(timeoutMs) {
        audits.push(timeoutMs)
        const delivered = answers.shift() ?? 0
        return { resolved: { absent: 0, lost: 0, delivered, deadLettered: 0 } } as AuditReport
      },
    })
    const seconds = async (count: number): Promise<void> => {
      for (let second = 0; second < count; second += 1) {
        now += 1_000
        reconciler.tick()
        await reconciler.idle()
      }
    }
    const change = (to: { gap?: boolean; reports?: number }): void => {
      gap = to.gap ?? gap
      reports = to.reports ?? reports
    }
    return { seconds, audits, change }
  }

  it('L42 are reconciled by themselves once nothing more is reported, and looked at again where that settled something', async () => {
    const { seconds, audits, change } = reconciling()
    await seconds(4)
    change({ reports: 1 })
    await seconds(4)
    expect(audits, 'something was reported meanwhile').toEqual([])
    await seconds(3)
    expect(audits).toEqual([3_000, 3_000])
    await seconds(30)
    expect(audits, 'at most once a minute').toHaveLength(2)
    await seconds(30)
    expect(audits).toHaveLength(3)
  })

  it('L42 are left alone while telemetry has no gap', async () => {
    const { seconds, audits, change } = reconciling()
    change({ gap: false })
    await seconds(90)
    expect(audits).toEqual([])
  })
})
