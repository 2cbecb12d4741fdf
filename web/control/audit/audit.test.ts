import { describe, expect, it } from 'vitest'
import { poisonBody } from '#contracts/faults/poison-body.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { auditedLab, deadLettered, groups, idOf, publish } from './audit.fixture.ts'

const at = Date.now() - 30_000
const waitMs = 5_000

describe('an audit', () => {
  it('passes where three witnesses tell the same', async () => {
    const report = await auditedLab().audit.run(waitMs)
    expect(report).toMatchObject({ drained: true, undrained: [], disagreements: [] })
    expect(report.verdict).toEqual({ result: 'pass', reasons: [] })
    expect(report.witnesses).toMatchObject({
      telemetry: { delivered: { 'consumer-db': 10, 'consumer-email': 10 }, unsettled: 0 },
      broker: { queues: [{ group: 'consumer-email' }, { group: 'consumer-db' }] },
      effects: {
        groups: [
          { group: 'consumer-email', effects: 10, messages: 10 },
          { group: 'consumer-db', effects: 10 },
        ],
      },
    })
  })

  it('runs one at a time, not during a switch, and is given up when its asker or web goes', async () => {
    const { audit } = auditedLab()
    const first = audit.run(waitMs)
    await expect(audit.run(0)).rejects.toMatchObject({ code: 'audit_running' })
    await first
    const { audit: busy, queues } = auditedLab()
    if (queues[0]) queues[0].visible = 1
    const gone = new AbortController()
    const left = busy.run(60_000, gone.signal)
    gone.abort()
    await expect(left).rejects.toMatchObject({ code: 'shutting_down' })
    const closed = busy.run(60_000)
    const rejected = expect(closed).rejects.toMatchObject({ code: 'shutting_down' })
    await busy.close()
    await rejected
    const moving = auditedLab({ refusal: () => 'the lab moves' }).audit
    await expect(moving.run(0)).rejects.toMatchObject({ code: 'switch_running' })
  })
})

describe('effects', () => {
  it('names one that telemetry tells of and that is not there', async () => {
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

  it('takes the store for a delivery that telemetry never told of, and says ever after that telemetry has a gap', async () => {
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
      reasons: groups.map(() => expect.stringContaining('never told')),
    })
  })

  it('names what stands there twice, by promise, unless telemetry told of it', async () => {
    const { store, audit } = auditedLab()
    store.mails.push(idOf(2))
    expect(await audit.run(waitMs)).toMatchObject({
      verdict: { result: 'pass' },
      disagreements: [{ kind: 'effect_duplicated', weight: 'note', samples: [idOf(2)], group: 'consumer-email' }],
    })
    store.rows.push(idOf(5))
    expect((await audit.run(waitMs)).verdict.result).toBe('fail')
  })

  it('does not take a second effect of one message for that of another', async () => {
    const { store, tell, audit } = auditedLab()
    // Telemetry tells of a second mail of message 1; the mailbox has one of message 2.
    const again = { id: idOf(1), attempt: 2, receiveCount: 2, startedAt: at, endedAt: at + 1, outcome: 'ok' } as const
    const effect = { kind: 'email', ref: '<again>' } as const
    const who = { group: 'consumer-email', instance: 'consumer-email-1' }
    tell({ kind: 'delivery.ended', at, ...who, deliveries: [{ ...again, effect }] })
    store.mails.push(idOf(2))
    expect((await audit.run(waitMs)).disagreements).toMatchObject([{ kind: 'effect_duplicated', samples: [idOf(2)] }])
    store.mails.splice(-1, 1, idOf(1))
    expect((await audit.run(waitMs)).disagreements).toEqual([])
  })

  it('names one of a message that nobody ever told of, and leaves those of an earlier lab alone', async () => {
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

  it('L13 L49 is taken back where the effect store has it, with the premature commit that it was told for', async () => {
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
    expect(report.verdict.reasons).toContainEqual(expect.stringContaining('telemetry never told'))
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

  it('is a dead letter where it stands among those', async () => {
    const { tell, audit, queues, letters } = auditedLab()
    tell(...publish(11, 'acked'))
    for (const queue of queues) queue.deadLetters = 1
    for (const group of groups) letters[group] = [idOf(11)]
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { deadLettered: 2, lost: 0 }, verdict: { result: 'inconclusive' } })
    expect(report.disagreements.map(({ kind }) => kind)).toEqual(['dead_letters_differ', 'dead_letters_differ'])
  })
})

describe('a publish without an answer', () => {
  it('L7 is absent where no witness has seen it, and recovers when it appears after all', async () => {
    const { tell, audit, context } = auditedLab()
    tell(...publish(11, 'indeterminate'))
    expect(await audit.run(waitMs)).toMatchObject({ resolved: { absent: 1 }, verdict: { result: 'pass' } })
    expect(context.ledger.publishes.at('order_placed', 'order_placed')).toMatchObject({ indeterminate: 0, absent: 1 })
    tell(...wholeLife(11, 1, ['consumer-db'], at).slice(2, 3))
    expect(context.ledger.publishes.at('order_placed', 'order_placed')).toMatchObject({ recovered: 1, absent: 0 })
  })

  it('is recovered where its effect stands', async () => {
    const { tell, audit, store, context } = auditedLab()
    tell(...publish(11, 'indeterminate'))
    store.rows.push(idOf(11))
    store.mails.push(idOf(11))
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { absent: 0, delivered: 2 }, verdict: { result: 'inconclusive' } })
    expect(context.ledger.publishes.at('order_placed', 'order_placed')).toMatchObject({
      recovered: 1,
      indeterminate: 0,
    })
  })
})

describe('dead letters', () => {
  it('fails where one is gone, and names it', async () => {
    const { queues, letters, audit, tell } = auditedLab()
    tell(...publish(11, 'acked'), ...publish(12, 'acked'))
    for (const group of groups) tell(deadLettered(11, group), deadLettered(12, group))
    for (const queue of queues) queue.deadLetters = 2
    for (const group of groups) letters[group] = [idOf(11), idOf(12)]
    expect(await audit.run(waitMs)).toMatchObject({ verdict: { result: 'pass' }, disagreements: [] })
    letters['consumer-db'] = [idOf(12)]
    if (queues[1]) queues[1].deadLetters = 1
    expect(await audit.run(waitMs)).toMatchObject({
      verdict: { result: 'fail' },
      disagreements: [{ kind: 'dead_letters_differ', weight: 'fail', group: 'consumer-db', samples: [idOf(11)] }],
    })
  })

  it('L47 names one that differs from what was published, unless a fault made it so', async () => {
    const { queues, letters, altered, audit, tell, context } = auditedLab()
    tell(...publish(11, 'acked'), ...publish(12, 'acked'))
    for (const group of groups) tell(deadLettered(11, group), deadLettered(12, group))
    for (const queue of queues) queue.deadLetters = 2
    for (const group of groups) letters[group] = [idOf(11), idOf(12)]
    const found = context.ledger.find(idOf(12))
    const { body = '' } = (found && context.traces.get(found.sequence, found.seq)) ?? {}
    altered.set(idOf(11), '{"orderId":"another"}').set(idOf(12), poisonBody('malformed', body))
    const report = await audit.run(waitMs)
    expect(report.disagreements).toMatchObject(
      groups.flatMap((group) => [
        { kind: 'altered_message', weight: 'fail', group, samples: [idOf(11)], differences: [{ field: 'body' }] },
        { kind: 'alteration_explained', weight: 'note', group, samples: [idOf(12)] },
      ]),
    )
    expect(report.anomalies).toMatchObject([{ name: 'altered_message', count: 2, samples: [idOf(11)] }])
    expect(report.verdict.result).toBe('fail')
  })

  it('names one too many, and one that stands there in place of another', async () => {
    const { queues, letters, audit, tell } = auditedLab()
    tell(...publish(11, 'acked'))
    for (const group of groups) tell(deadLettered(11, group))
    for (const queue of queues) queue.deadLetters = 1
    letters['consumer-email'] = [idOf(3)]
    letters['consumer-db'] = [idOf(11), idOf(11)]
    if (queues[1]) queues[1].deadLetters = 2
    const report = await audit.run(waitMs)
    expect(report.disagreements).toMatchObject([
      { weight: 'doubt', group: 'consumer-email', samples: [idOf(3)] },
      { weight: 'fail', group: 'consumer-email', samples: [idOf(11)] },
      { weight: 'note', group: 'consumer-db', samples: [idOf(11)], detail: expect.stringContaining('twice') },
    ])
  })
})

describe('a lab that is not quiet', () => {
  it('is not compared and never passes, and what is left is named', async () => {
    const { queues, tell, audit } = auditedLab({
      underWay: () => ({
        ...{ publishes: 2, bursts: ['burst-1'], redrives: [] },
        holding: [{ id: 'fault-1', type: 'link.timeout' }],
      }),
    })
    tell(...publish(11, 'acked'))
    if (queues[0]) queues[0].visible = 3
    const report = await audit.run(100)
    expect(report).toMatchObject({ drained: false, disagreements: [], verdict: { result: 'inconclusive' } })
    expect(report.resolved).toEqual({ absent: 0, lost: 0, delivered: 0, deadLettered: 0 })
    expect(report.undrained).toMatchObject([
      { what: 'backlog', group: 'consumer-email', count: 3, samples: [idOf(11)] },
      { what: 'publishes', count: 2 },
      { what: 'bursts', detail: expect.stringContaining('burst-1') },
      { what: 'faults', detail: expect.stringContaining('fault-1') },
    ])
  })

  it('is compared once it has become quiet', async () => {
    const { queues, between, audit } = auditedLab()
    const [queue] = queues
    if (!queue) throw new Error('there are two queues')
    queue.visible = 3
    between.look = () => {
      if (queue.visible > 0) queue.visible -= 1
    }
    expect(await audit.run(waitMs)).toMatchObject({ drained: true, verdict: { result: 'pass' } })
  })

  it('is looked at again where something was told while the witnesses were read', async () => {
    const { tell, store, between, audit } = auditedLab()
    let reads = 0
    between.read = () => {
      reads += 1
      if (reads > 1) return
      // Published and handled between the two: the mails were read before it, the rows after.
      tell(...wholeLife(11, 1, groups, at))
      store.rows.push(idOf(11))
      store.mails.push(idOf(11))
    }
    expect(await audit.run(waitMs)).toMatchObject({ drained: true, disagreements: [], verdict: { result: 'pass' } })
    expect(reads).toBe(2)
  })

  it('says so where it never holds still', async () => {
    const { tell, between, audit } = auditedLab()
    let seq = 11
    between.read = () => {
      tell(...wholeLife(seq, 1, groups, at))
      seq += 1
    }
    const report = await audit.run(300)
    expect(report).toMatchObject({ drained: false, verdict: { result: 'inconclusive' } })
    expect(report.undrained[0]?.detail).toMatch(/went on while/)
  })

  it('does not take the word of a sidecar that is away', async () => {
    const { coverage, between, audit } = auditedLab()
    between.look = () => coverage.disconnected('consumer-db')
    const report = await audit.run(100)
    expect(report).toMatchObject({ drained: false, undrained: [{ what: 'telemetry', count: 1 }] })
  })

  it('says that the broker does not answer', async () => {
    const { audit } = auditedLab({ inspect: () => Promise.reject(new Error('connection refused')) })
    const report = await audit.run(0)
    expect(report.undrained[0]).toMatchObject({ what: 'broker', detail: expect.stringContaining('connection refused') })
    expect(report.witnesses.broker).toBeNull()
  })
})
