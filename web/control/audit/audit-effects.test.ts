import { describe, expect, it } from 'vitest'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { auditedLab, deadLettered, groups, idOf, publish } from './audit.fixture.ts'

const at = Date.now() - 30_000
const waitMs = 5_000

describe('effects', () => {
  it('names one that telemetry reports and that is not there', async () => {
    const { store, audit } = auditedLab()
    store.rows.splice(3, 1)
    store.mails.splice(5, 2)
    const report = await audit.run(waitMs)
    expect(report.verdict.result).toBe('fail')
    expect(report.disagreements).toMatchObject([
      { kind: 'effect_missing', weight: 'fail', group: 'consumer-email', count: 2, samples: [idOf(6), idOf(7)] },
      { kind: 'effect_missing', group: 'consumer-db', count: 1, samples: [idOf(4)] },
    ])
  })

  it('takes the store for a delivery that telemetry never reported, and says ever after that telemetry has a gap', async () => {
    const { store, tell, audit, context } = auditedLab()
    tell(...publish(11, 'acked'))
    store.rows.push(idOf(11))
    store.mails.push(idOf(11))
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { delivered: 2, lost: 0 }, verdict: { result: 'inconclusive' } })
    expect(report.disagreements).toMatchObject([
      { kind: 'effect_unreported', weight: 'doubt', samples: [idOf(11)] },
      { kind: 'effect_unreported', samples: [idOf(11)] },
    ])
    expect(context.ledger.groups.at('order_placed', 'consumer-db')).toMatchObject({ delivered: 11, waiting: 0 })
    const again = await audit.run(waitMs)
    expect(again.disagreements).toEqual([])
    expect(again.verdict).toMatchObject({
      result: 'inconclusive',
      reasons: groups.map(() => expect.stringContaining('never reported')),
    })
  })

  it('names what is there twice, by promise, unless telemetry reported it', async () => {
    const { store, audit } = auditedLab()
    store.mails.push(idOf(2))
    expect(await audit.run(waitMs)).toMatchObject({
      verdict: { result: 'pass' },
      disagreements: [{ kind: 'effect_duplicated', weight: 'note', samples: [idOf(2)], group: 'consumer-email' }],
    })
    store.rows.push(idOf(5))
    expect((await audit.run(waitMs)).verdict.result).toBe('fail')
  })

  it('counts a second effect that telemetry never reported, once, and says so beside the verdict', async () => {
    const { store, audit } = auditedLab()
    store.mails.push(idOf(2), idOf(2))
    const counted = { name: 'duplicate_effect', count: 2, failing: 0, groups: { 'consumer-email': 2 } }
    const notes = [expect.stringContaining('2 effects were made a second time')]
    expect(await audit.run(waitMs)).toMatchObject({ anomalies: [counted], verdict: { result: 'pass', notes } })
    expect(await audit.run(waitMs)).toMatchObject({ anomalies: [counted], disagreements: [] })
    store.mails.push(idOf(2))
    expect((await audit.run(waitMs)).anomalies).toMatchObject([{ name: 'duplicate_effect', count: 3 }])
  })

  it('counts a mail that the server never answered for once, whether telemetry or audit reports it', async () => {
    for (const order of ['first', 'last']) {
      const { store, tell, audit } = auditedLab()
      const who = { group: 'consumer-email', instance: 'consumer-email-1' }
      const run = { id: idOf(11), startedAt: at, endedAt: at + 1 }
      const unanswered = {
        ...{ ...run, attempt: 1, receiveCount: 1, outcome: 'error' as const },
        error: { type: 'SmtpUnanswered', message: 'no answer' },
        next: { state: 'retrying' as const, dueAt: at + 2 },
      }
      const done = {
        ...{ ...run, attempt: 2, receiveCount: 2, outcome: 'ok' as const },
        effect: { kind: 'email' as const, ref: '<11>' },
      }
      tell(...wholeLife(11, 1, ['consumer-db'], at))
      for (const delivery of order === 'first' ? [unanswered, done] : [done, unanswered])
        tell({ kind: 'delivery.ended', at, ...who, deliveries: [delivery] })
      store.rows.push(idOf(11))
      store.mails.push(idOf(11), idOf(11))
      const counted = (count: number) => ({ name: 'duplicate_effect', count, groups: { 'consumer-email': count } })
      for (let looks = 0; looks < 2; looks += 1)
        expect(await audit.run(waitMs), order).toMatchObject({ anomalies: [counted(1)], disagreements: [] })
      store.mails.push(idOf(11))
      expect((await audit.run(waitMs)).anomalies, 'a third one').toMatchObject([counted(2)])
    }
  })

  it('does not take a second effect of one message for that of another', async () => {
    const { store, tell, audit } = auditedLab()
    // Telemetry reports a second mail of message 1; the mailbox has one of message 2.
    const again = { id: idOf(1), attempt: 2, receiveCount: 2, startedAt: at, endedAt: at + 1, outcome: 'ok' } as const
    const effect = { kind: 'email', ref: '<again>' } as const
    const who = { group: 'consumer-email', instance: 'consumer-email-1' }
    tell({ kind: 'delivery.ended', at, ...who, deliveries: [{ ...again, effect }] })
    store.mails.push(idOf(2))
    expect((await audit.run(waitMs)).disagreements).toMatchObject([{ kind: 'effect_duplicated', samples: [idOf(2)] }])
    store.mails.splice(-1, 1, idOf(1))
    expect((await audit.run(waitMs)).disagreements).toEqual([])
  })

  it('names one of a message that nobody ever reported, and leaves those of an earlier lab alone', async () => {
    const { store, audit } = auditedLab()
    store.rows.push('producer-1:7:order_placed:1', 'producer-9:1:order_placed:1')
    const report = await audit.run(waitMs)
    expect(report.disagreements).toMatchObject([
      { kind: 'effect_unreported', weight: 'doubt', samples: ['producer-1:7:order_placed:1'] },
    ])
    expect(report.witnesses.effects?.groups[1]).toMatchObject({ foreign: 1 })
    expect(report.verdict.result).toBe('inconclusive')
  })

  it('takes an effect of a message that was given up for what its failed runs left', async () => {
    const { store, tell, audit, queues, letters } = auditedLab()
    tell(...publish(11, 'acked'))
    for (const group of groups) tell(deadLettered(11, group))
    for (const queue of queues) queue.deadLetters = 1
    for (const group of groups) letters[group] = [idOf(11)]
    store.mails.push(idOf(11))
    expect(await audit.run(waitMs)).toMatchObject({
      verdict: { result: 'pass' },
      disagreements: [{ kind: 'effect_unreported', weight: 'note', samples: [idOf(11)] }],
    })
  })

  it('names rows without their inbox line and inbox lines without their row', async () => {
    const { store, audit } = auditedLab()
    store.missing.push(idOf(1), 'producer-9:1:order_placed:1')
    store.stray.push(idOf(2))
    const report = await audit.run(waitMs)
    expect(report.disagreements).toMatchObject([
      { kind: 'row_missing', group: 'consumer-db', samples: [idOf(1)] },
      { kind: 'row_without_inbox', group: 'consumer-db', samples: [idOf(2)] },
    ])
    expect(report.verdict.result).toBe('fail')
  })

  it('never passes where the store cannot be read', async () => {
    const report = await auditedLab({
      mailDestination: { kind: 'elsewhere', server: 'mail.example.com:25' },
    }).audit.run(waitMs)
    expect(report).toMatchObject({
      verdict: { result: 'inconclusive' },
      disagreements: [{ kind: 'witness_absent', group: 'consumer-email' }],
    })
  })
})

describe('what nobody settled', () => {
  it('is lost where the broker has it no more, and named', async () => {
    const { tell, audit } = auditedLab()
    tell(...publish(11, 'acked'))
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { lost: 2 }, verdict: { result: 'fail' } })
    expect(report.anomalies).toMatchObject([{ name: 'lost_message', count: 2, samples: [idOf(11)] }])
    expect(report.disagreements).toMatchObject([
      { kind: 'message_gone', group: 'consumer-email', samples: [idOf(11)] },
      { kind: 'message_gone', group: 'consumer-db', samples: [idOf(11)] },
    ])
  })

  it('is named by each audit, also where the ledger had found it to be lost before', async () => {
    const { tell, audit } = auditedLab()
    tell(...publish(11, 'acked'))
    const first = await audit.run(waitMs)
    const again = await audit.run(waitMs)
    expect(again).toMatchObject({ resolved: { lost: 0 }, disagreements: first.disagreements })
    expect(again.anomalies).toMatchObject([{ name: 'lost_message', count: 2, samples: [idOf(11)] }])
  })

  it('is a premature commit where a group committed past what it was never given', async () => {
    const { tell, audit, partitions } = auditedLab()
    tell(...publish(11, 'acked', '2@40'), ...publish(12, 'acked', '2@41'))
    const readers = groups.map((group) => ({ group, committed: 41 }))
    partitions.push({ topic: 'order_placed', partition: 2, startOffset: 0, endOffset: 41, groups: readers })
    const report = await audit.run(waitMs)
    expect(report.disagreements).toMatchObject([
      { kind: 'commit_passed', group: 'consumer-email', samples: [idOf(11)] },
      { kind: 'beyond_the_log', group: 'consumer-email', samples: [idOf(12)] },
      { kind: 'commit_passed', group: 'consumer-db', samples: [idOf(11)] },
      { kind: 'beyond_the_log', group: 'consumer-db', samples: [idOf(12)] },
    ])
    expect(report.anomalies).toMatchObject([
      { name: 'lost_message', count: 4 },
      { name: 'premature_commit', count: 2, samples: [idOf(11)] },
    ])
    expect(report.witnesses.broker?.partitions).toMatchObject([{ partition: 2, endOffset: 41 }])
    expect((await audit.run(waitMs)).disagreements).toEqual(report.disagreements)
  })

  it('stays open where a witness that could have it is missing', async () => {
    const { tell, audit, queues, letters } = auditedLab()
    tell(...publish(11, 'acked'))
    if (queues[1]) queues[1].deadLetters = 1
    letters['consumer-db'] = undefined
    const report = await audit.run(waitMs)
    expect(report.resolved).toMatchObject({ lost: 1 })
    expect(report.disagreements).toContainEqual(
      expect.objectContaining({ kind: 'backlog_differs', group: 'consumer-db', samples: [idOf(11)] }),
    )
  })

  it('L13 L49 is taken back where the effect store has it, with the premature commit that it was reported for', async () => {
    const { tell, audit, store, partitions } = auditedLab()
    tell(...publish(11, 'acked', '2@40'))
    const readers = groups.map((group) => ({ group, committed: 41 }))
    partitions.push({ topic: 'order_placed', partition: 2, startOffset: 0, endOffset: 41, groups: readers })
    expect((await audit.run(waitMs)).anomalies.map(({ name, count }) => [name, count])).toEqual([
      ['lost_message', 2],
      ['premature_commit', 2],
    ])
    store.rows.push(idOf(11))
    store.mails.push(idOf(11))
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { delivered: 2 }, anomalies: [], verdict: { result: 'inconclusive' } })
    expect(report.verdict.reasons).toContainEqual(expect.stringContaining('telemetry never reported'))
    expect(report.groups.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
  })

  it('is not gone where a dead letter without its identity has its trace', async () => {
    const { tell, audit, queues, letters, context } = auditedLab()
    tell(...publish(11, 'acked'))
    const found = context.ledger.find(idOf(11))
    const { traceparent = '' } = (found && context.traces.get(found.sequence, found.seq)) ?? {}
    if (queues[1]) queues[1].deadLetters = 1
    letters['consumer-db'] = [`?${traceparent}`]
    const report = await audit.run(waitMs)
    expect(report.resolved).toMatchObject({ lost: 1 })
    expect(report.disagreements).toContainEqual(
      expect.objectContaining({
        kind: 'dead_letters_differ',
        weight: 'doubt',
        group: 'consumer-db',
        samples: [idOf(11)],
      }),
    )
    expect(report.disagreements).not.toContainEqual(
      expect.objectContaining({ kind: 'message_gone', group: 'consumer-db' }),
    )
  })

  it('is a dead letter if it is among those', async () => {
    const { tell, audit, queues, letters } = auditedLab()
    tell(...publish(11, 'acked'))
    for (const queue of queues) queue.deadLetters = 1
    for (const group of groups) letters[group] = [idOf(11)]
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { deadLettered: 2, lost: 0 }, verdict: { result: 'inconclusive' } })
    expect(report.disagreements.map(({ kind }) => kind)).toEqual(['dead_letters_differ', 'dead_letters_differ'])
  })
})
