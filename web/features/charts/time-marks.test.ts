import { describe, expect, it } from 'vitest'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import { faultWith } from '../faults/fault.fixture.ts'
import { type Band, barLanes, marksAt, timeMarksOf } from './time-marks.ts'

const start = Date.parse('2026-01-01T12:00:00.000Z')
const at = (second: number): number => start + second * 1_000
const iso = (second: number): string => new Date(at(second)).toISOString()
const band = (id: string, from: number, to?: number): Band => ({
  ...{ id, label: id, from: at(from), observed: true },
  ...(to === undefined ? {} : { to: at(to) }),
})
const rebalance = (second: number, group: string, message: string): EventLogEntry => ({
  ...{ seq: second, at: iso(second), kind: 'service', level: 'info', message, group },
})

describe('faults and rebalances on a time axis', () => {
  it('a fault reaches from when it took effect to when it was healed', () => {
    const healed = faultWith({ state: 'healed', healedAt: iso(9) })
    expect(timeMarksOf([healed], []).bands).toEqual([
      { id: 'f1', label: 'process.pause on consumer-db', from: at(1), to: at(9), observed: true },
    ])
    const unseen = faultWith({ observedAt: undefined, state: 'injecting' })
    expect(timeMarksOf([unseen], []).bands[0]).toMatchObject({ from: at(0), observed: false })
  })

  it('one that never began, or could not be injected, has no band', () => {
    const scheduled = faultWith({ state: 'scheduled', injectedAt: undefined, observedAt: undefined })
    expect(timeMarksOf([scheduled, faultWith({ state: 'failed' })], []).bands).toEqual([])
  })

  it('what the members of a group hear within a second is one rebalance', () => {
    const events = [
      rebalance(1, 'consumer-db', 'a'),
      rebalance(1, 'consumer-db', 'b'),
      rebalance(1, 'consumer-email', 'c'),
      rebalance(5, 'consumer-db', 'd'),
      { ...rebalance(6, '', 'no rebalance'), group: undefined },
    ]
    expect(timeMarksOf([], events).ticks).toEqual([
      { at: at(1), label: 'a; b' },
      { at: at(1), label: 'c' },
      { at: at(5), label: 'd' },
    ])
  })

  it('what a person wrote is a note of its own, and found at its moment', () => {
    const note: EventLogEntry = { seq: 2, at: iso(3), kind: 'note', level: 'info', message: 'raised to 62/s' }
    const marks = timeMarksOf([], [rebalance(1, 'consumer-db', 'a'), note])
    expect(marks).toEqual({
      ...{ bands: [], ticks: [{ at: at(1), label: 'a' }] },
      notes: [{ at: at(3), label: 'raised to 62/s' }],
    })
    expect(marksAt(marks, at(3), 500)).toEqual(['raised to 62/s'])
    expect(marksAt(marks, at(9), 500)).toEqual([])
  })

  it('bars that overlap lie in lanes of their own, cut to the axis; the last lane takes what finds no room', () => {
    const bands = [band('a', -5, 4), band('b', 2), band('c', 3, 6), band('d', 5, 7), band('gone', -9, -6)]
    const lanes = barLanes(bands, at(0), at(10), 2)
    expect(
      lanes.map((lane) =>
        lane.map(({ from, to, bands: here }) => [
          (from - start) / 1e3,
          (to - start) / 1e3,
          here.map(({ id }) => id).join(),
        ]),
      ),
    ).toEqual([
      [
        [0, 4, 'a'],
        [5, 7, 'd'],
      ],
      [[2, 10, 'b,c']],
    ])
  })

  it('a tooltip names what was the case at its second', () => {
    const marks = { bands: [band('a', 1, 3), band('b', 4)], ticks: [{ at: at(2.4), label: 'rebalance' }] }
    expect(marksAt(marks, at(2), 500)).toEqual(['a', 'rebalance'])
    expect(marksAt(marks, at(9), 500)).toEqual(['b'])
    expect(marksAt(marks, at(0), 500)).toEqual([])
  })
})
