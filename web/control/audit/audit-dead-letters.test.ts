import { describe, expect, it } from 'vitest'
import { poisonBody } from '#contracts/faults/poison-body.ts'
import { auditedLab, deadLettered, groups, idOf, publish } from './audit.fixture.ts'

const waitMs = 5_000

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

  it('counts those without an identity where they are: on their broker, and once after a redrive', async () => {
    const { queues, letters, audit, tell } = auditedLab()
    const group = 'consumer-db'
    const given = { kind: 'delivery.settled', group, instance: 'consumer-db-1', settlement: 'dead_lettered' } as const
    const gaveUp = (unnamed: number, broker?: 'kafka') =>
      tell({ ...given, at: Date.now(), ids: [], unnamed, ...(broker ? { broker } : {}) })
    gaveUp(2)
    gaveUp(7, 'kafka')
    const [, queue] = queues
    if (!queue) throw new Error('no queue')
    queue.deadLetters = 2
    letters[group] = ['?a', '?b']
    expect(await audit.run(waitMs)).toMatchObject({ verdict: { result: 'pass' }, disagreements: [] })
    tell({
      ...{ kind: 'delivery.redriven', at: Date.now(), group, phase: 'stored', ids: [], unnamed: 2, broker: 'local' },
    })
    gaveUp(2)
    expect(await audit.run(waitMs)).toMatchObject({ verdict: { result: 'pass' }, disagreements: [] })
    queue.deadLetters = 1
    letters[group] = ['?a']
    expect((await audit.run(waitMs)).disagreements).toMatchObject([
      { kind: 'dead_letters_differ', weight: 'fail', count: 1 },
    ])
  })

  it('names one too many, and one that is there in place of another', async () => {
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
