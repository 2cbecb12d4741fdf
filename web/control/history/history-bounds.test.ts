import { describe, expect, it, vi } from 'vitest'
import type { Journey } from '#contracts/api/journey.ts'
import type { RunItem } from '#contracts/api/run.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { RecordedLabFixture } from './fixtures/recorded-lab.ts'

describe('what the history reads for an answer', () => {
  it('begins at the publish of the message that is asked for', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('history')).open()
    const sequence = lab.ledger.sequence('producer-1', 1, 'orders')
    const publish = (seq: number): void => {
      lab.buffer.at(lab.clock.now)
      lab.ledger.attempt(sequence, seq, 'order_placed')
      lab.ledger.publishOutcome(sequence, seq, 'order_placed', 'acked')
      lab.ledger.expect(sequence, seq, 'consumer-db')
    }
    // The changes of this second speak of numbers on both sides of the one that is asked for.
    publish(1)
    publish(9)
    for (let second = 0; second < 20; second += 1) await lab.second()
    const publishedAt = lab.clock.now
    publish(5)
    await lab.second()
    lab.buffer.at(lab.clock.now)
    lab.ledger.move(sequence, 5, 'consumer-db', 'waiting', 'handling')
    lab.ledger.settle(sequence, 5, 'consumer-db', 'delivered', 'handling')
    await lab.second()
    const id = `${sequence.prefix}5`
    const journey: Journey = {
      ...{ id, type: 'order_placed', topic: 'orders', broker: 'local', payload: {}, raw: '{}', headers: {}, logs: [] },
      publish: { state: 'acked', attemptedAt: new Date(publishedAt).toISOString() },
      obligations: [{ group: 'consumer-db', state: 'delivered', receiveCount: 0, attempts: [] }],
    }
    lab.journeys.set(id, journey)
    const read = vi.spyOn(lab.index, 'changesOf')
    const stateAt = (t: number) => lab.history.message(id, t).obligations[0]?.state
    expect(stateAt(publishedAt + 999)).toBe('waiting')
    expect(stateAt(publishedAt + 1_000)).toBe('delivered')
    const times = read.mock.calls.map(([{ at }]) => at)
    expect(times).toContain(publishedAt)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(publishedAt - 5_000)
    await lab.close()
  })

  it('names the runs of which it has a moment', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('history')).open()
    const begin = lab.clock.now
    for (let second = 0; second < 5; second += 1) await lab.second()
    const run = (id: string, from: number, to?: number): RunItem => ({
      ...{ id, name: 'crash', state: to === undefined ? 'running' : 'ended', seed: 1, broker: 'local' },
      ...{ elapsedMs: 1, reasons: [], startedAt: new Date(begin + from).toISOString() },
      ...(to === undefined ? {} : { endedAt: new Date(begin + to).toISOString() }),
    })
    lab.runs = [
      run('before', -9_000, -1),
      run('to the first', -9_000, 0),
      run('between two', 1_100, 1_900),
      run('one moment', 2_000, 2_000),
      run('from the last', 5_000, 9_000),
      run('after', 5_001, 9_000),
      run('under way', 4_500),
    ]
    expect(lab.history.range().runs.map(({ id }) => id)).toEqual([
      ...['to the first', 'one moment', 'from the last', 'under way'],
    ])
    await lab.close()
  })
})
