import { describe, expect, it } from 'vitest'
import type { MessageRow } from '#contracts/api/journey.ts'
import { listedWords } from './listed-words.ts'
import { filterCount, filtersOf, pageQuery } from './message-filters.ts'
import { groupStatus, messageStatus } from './message-status.ts'
import { mergeRows, pendingRows } from './row-buffer.ts'

const start = Date.parse('2026-01-02T03:04:05.000Z')
const row = (seq: number, over: Partial<MessageRow> = {}): MessageRow => ({
  id: `producer-1:3:order_placed:${seq}`,
  type: 'order_placed',
  topic: 'order_placed',
  broker: 'local',
  publishedAt: new Date(start + seq).toISOString(),
  publish: 'acked',
  groups: [],
  ...over,
})
const ids = (rows: MessageRow[]): number[] => rows.map(({ id }) => Number(id.split(':')[3]))

describe('mergeRows', () => {
  it('appends, replaces in place, inserts older ones, and drops the oldest', () => {
    expect(ids(mergeRows([row(1), row(2)], [row(3), row(4)], 3))).toEqual([2, 3, 4])
    const settled = row(2, { settledInMs: 9 })
    expect(mergeRows([row(1), row(2)], [settled, row(3)], 9)).toEqual([row(1), settled, row(3)])
    expect(ids(mergeRows([row(5), row(7)], [row(6), row(1)], 9))).toEqual([1, 5, 6, 7])
  })

  it('keeps the order of one millisecond by sequence', () => {
    const at = { publishedAt: new Date(start).toISOString() }
    expect(ids(mergeRows([row(10, at)], [row(9, at), row(11, at)], 9))).toEqual([9, 10, 11])
  })
})

it('counts what a list that does not follow does not show', () => {
  expect(pendingRows([row(4), row(5)], [row(1), row(5), row(6), row(7)])).toBe(2)
  expect(pendingRows([], [row(1)])).toBe(1)
})

describe('filters', () => {
  it('reads the address and leaves out what cannot be', () => {
    const query = new URLSearchParams('type=order_placed&state=delivered&q=%20mira%20&dock=messages&group=')
    expect(filtersOf(query)).toEqual({ type: 'order_placed', state: 'delivered', q: 'mira' })
    expect(filtersOf(new URLSearchParams('state=happy'))).toEqual({})
    expect(filterCount(filtersOf(query))).toBe(2)
  })

  it('writes the query of a page', () => {
    expect(pageQuery({ q: 'a&b' }, 100, 'c')).toBe('/api/messages?q=a%26b&limit=100&cursor=c')
  })
})

describe('groupStatus', () => {
  const cell = (over: Partial<MessageRow['groups'][number]>) => {
    const { label, detail } = groupStatus(row(0), { group: 'g', state: 'waiting', attempts: 0, ...over }, start + 90)
    return detail === undefined ? label : `${label} (${detail})`
  }

  it('says each state as the mock does', () => {
    expect(cell({})).toBe('waiting 0.09 s')
    expect(cell({ state: 'handling', attempts: 1 })).toBe('handling (attempt 1)')
    expect(cell({ state: 'retrying', attempts: 1, dueAt: new Date(start + 230).toISOString() })).toBe(
      'retrying (attempt 2 in 140 ms)',
    )
    expect(cell({ state: 'delivered', attempts: 1, settledInMs: 19 })).toBe('delivered (19 ms)')
    expect(cell({ state: 'delivered', attempts: 3, settledInMs: 1738 })).toBe('delivered after 3 attempts (1.74 s)')
    expect(cell({ state: 'dead_lettered', attempts: 1, reason: 'non_retryable' })).toBe('dead-lettered (not retryable)')
  })
})

describe('messageStatus', () => {
  const ok = { attempt: 1, receiveCount: 1, instance: 'i', startedAt: '', queueMs: 0, outcome: 'ok' as const }
  it('is the gravest of the groups', () => {
    expect(messageStatus('acked', []).label).toBe('published')
    expect(messageStatus('failed', []).label).toBe('publish failed')
    expect(
      messageStatus('acked', [
        { state: 'delivered', attempts: [ok] },
        { state: 'retrying', attempts: [] },
      ]).label,
    ).toBe('Retrying')
    expect(messageStatus('acked', [{ state: 'delivered', attempts: [{ ...ok, outcome: 'error' }, ok] }]).label).toBe(
      'Delivered after retries',
    )
    expect(messageStatus('acked', [{ state: 'delivered', attempts: [ok, ok] }]).label).toBe('Delivered')
  })
})

it('says how much of what was published is listed', () => {
  expect(listedWords(500, 64_917)).toBe('newest 500 of 64,917')
  expect(listedWords(12, 12)).toBe('all 12')
  expect(listedWords(3, undefined)).toBe('3 that fit')
})
