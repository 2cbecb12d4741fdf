import { describe, expect, it } from 'vitest'
import { auditedLab, deadLettered, groups, idOf, publish } from '../audit.fixture.ts'
import type { DiscardedLetter } from './discards.ts'

/** A lab whose dead letters of consumer-db were discarded by somebody. */
function discardingLab() {
  const letters: DiscardedLetter[] = []
  const lab = auditedLab({ discards: { of: (_broker, group) => (group === 'consumer-db' ? letters : []) } })
  const discard = (messageId?: string, traceparent?: string): void => {
    letters.push({ messageId, wasOf: (trace) => traceparent !== undefined && trace === traceparent })
  }
  return { ...lab, discard }
}

describe('dead letters that somebody discarded', () => {
  it('are a note, and stay dead letters in the ledger', async () => {
    const { audit, tell, store, queues, letters, discard } = discardingLab()
    tell(...publish(11, 'acked'), ...publish(12, 'acked'))
    for (const group of groups) tell(deadLettered(11, group), deadLettered(12, group))
    for (const queue of queues) queue.deadLetters = 2
    for (const group of groups) letters[group] = [idOf(11), idOf(12)]
    expect(await audit.run(1_000)).toMatchObject({ verdict: { result: 'pass' }, disagreements: [] })

    letters['consumer-db'] = [idOf(12)]
    if (queues[1]) queues[1].deadLetters = 1
    discard(idOf(11))
    const report = await audit.run(1_000)
    expect(report).toMatchObject({
      verdict: { result: 'pass' },
      disagreements: [{ kind: 'discarded', weight: 'note', group: 'consumer-db', count: 1, samples: [idOf(11)] }],
    })
    expect(report.groups.find(({ group }) => group === 'consumer-db')).toMatchObject({ dead_lettered: 2, lost: 0 })
    expect(store.rows).toHaveLength(10)

    // Another one that is gone is not excused by it.
    letters['consumer-db'] = []
    if (queues[1]) queues[1].deadLetters = 0
    expect(await audit.run(1_000)).toMatchObject({
      verdict: { result: 'fail' },
      disagreements: [{ kind: 'dead_letters_differ', weight: 'fail', samples: [idOf(12)] }, { kind: 'discarded' }],
    })
  })

  it('are no reason to doubt a letter that is still there, since removing it failed', async () => {
    const { audit, tell, queues, letters, discard } = discardingLab()
    tell(...publish(11, 'acked'))
    for (const group of groups) tell(deadLettered(11, group))
    for (const queue of queues) queue.deadLetters = 1
    for (const group of groups) letters[group] = [idOf(11)]
    discard(idOf(11))
    expect(await audit.run(1_000)).toMatchObject({ verdict: { result: 'pass' }, disagreements: [] })
  })

  it('are not gone where telemetry never reported that they were given up', async () => {
    const { audit, tell, store, discard } = discardingLab()
    tell(...publish(11, 'acked'))
    store.mails.push(idOf(11))
    discard(idOf(11))
    const report = await audit.run(1_000)
    expect(report.disagreements.map(({ kind }) => kind)).not.toContain('message_gone')
    expect(report).toMatchObject({ resolved: { deadLettered: 1, lost: 0 } })
    expect(report.groups.find(({ group }) => group === 'consumer-db')).toMatchObject({ dead_lettered: 1, lost: 0 })
  })

  it('are not gone where the letter had no identity', async () => {
    const { audit, tell, store, context, discard } = discardingLab()
    tell(...publish(11, 'acked'))
    store.mails.push(idOf(11))
    const found = context.ledger.find(idOf(11))
    const journey = found && context.traces.get(found.sequence, found.seq)
    discard(undefined, journey?.traceparent)
    const report = await audit.run(1_000)
    expect(report.disagreements.map(({ kind }) => kind)).not.toContain('message_gone')
    expect(report.resolved).toMatchObject({ lost: 0 })
  })
})
