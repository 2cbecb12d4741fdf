import { describe, expect, it } from 'vitest'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import { faultWith, labTopology } from '../faults/fault.fixture.ts'
import { filterLog, joinLog } from './log-filter.ts'
import { subjectPatch } from './log-subject.ts'

const entry = (seq: number, more: Partial<EventLogEntry> = {}): EventLogEntry => ({
  ...{ seq, at: '2026-01-01T12:00:00.000Z', kind: 'service', level: 'info', message: `line ${seq}` },
  ...more,
})
const all = { kind: 'all', text: '', warnings: false } as const

describe('the event log', () => {
  it('joins what is live and what was fetched, newest first, each entry once', () => {
    expect(joinLog([entry(2), entry(3)], [entry(1), entry(2)]).map(({ seq }) => seq)).toEqual([3, 2, 1])
  })

  it('filters by kind, level and every word of a text', () => {
    const entries = [
      entry(1, { kind: 'fault', level: 'warn', message: 'link.down takes effect', subject: 'consumer-db->broker' }),
      entry(2, { group: 'consumer-db', message: 'generation 2' }),
      entry(3, { subject: 'consumer-db-1' }),
    ]
    const seqs = (filter: Partial<Parameters<typeof filterLog>[1]>) =>
      filterLog(entries, { ...all, ...filter }).map(({ seq }) => seq)
    expect(seqs({})).toEqual([1, 2, 3])
    expect(seqs({ kind: 'rebalance' })).toEqual([2])
    expect(seqs({ kind: 'service' })).toEqual([3])
    expect(seqs({ warnings: true })).toEqual([1])
    expect(seqs({ text: 'Effect broker' })).toEqual([1])
    expect(seqs({ text: 'effect nothing' })).toEqual([])
  })

  it.each([
    [{ subject: 'consumer-db' }, { node: 'consumer:consumer-db' }],
    [{ subject: 'consumer-db-2' }, { node: 'consumer:consumer-db' }],
    [{ subject: 'producer-1' }, { node: 'producer:producer' }],
    [{ subject: 'database' }, { node: 'effect:database' }],
    [{ subject: 'order_placed' }, { node: 'topic:order_placed' }],
    [{ subject: 'consumer-db->database' }, { edge: 'consumer:consumer-db->effect:database' }],
    [
      { subject: 'consumer-db', faultId: 'f1' },
      { node: 'consumer:consumer-db', tab: 'faults', fault: 'f1' },
    ],
  ])('an entry of %j leads to %j', (of, patch) => {
    const known = new Map([['f1', faultWith()]])
    expect(subjectPatch(of, known, labTopology, (type) => type)).toMatchObject(patch)
  })

  it('an entry of what is drawn nowhere leads nowhere', () => {
    const none = new Map<string, never>()
    expect(subjectPatch({ subject: 'broker' }, none, labTopology, (type) => type)).toBeUndefined()
    expect(subjectPatch({}, none, labTopology, (type) => type)).toBeUndefined()
  })
})
