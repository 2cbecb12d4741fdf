import { describe, expect, it } from 'vitest'
import type { HistoryMark } from '#contracts/api/history.ts'
import type { Clause, Evidence } from '#contracts/api/narration.ts'
import { clauseAt, clauseFrom, clausesOf, narratedClauses, ringsOf } from './clauses.ts'
import { elapsed, replayTicksOf, spanAround, timeIn } from './time-span.ts'

const mark = (t: number, kind: HistoryMark['kind'], label: string): HistoryMark => ({
  ...{ t, shownAt: t + 5, kind, level: 'info', label },
})

describe('clauses', () => {
  const marks = [mark(1_000, 'fault', 'killed'), mark(1_100, 'publish', '9 published'), mark(9_000, 'service', 'up')]

  it('are what happened but for the publishes, and steps lead to what shows it', () => {
    const clauses = clausesOf(marks)
    expect(clauses.map(({ label, tone }) => [label, tone])).toEqual([
      ['killed', 'fault'],
      ['up', 'plain'],
    ])
    const stepped = (t: number, direction: 'forward' | 'back') =>
      clauses[clauseFrom(clauses, t, direction) ?? -1]?.label
    expect(stepped(1_000, 'forward')).toBe('killed')
    expect(stepped(1_005, 'forward')).toBe('up')
    expect(stepped(1_005, 'back')).toBeUndefined()
    expect(stepped(1_006, 'back')).toBe('killed')
    expect(stepped(9_005, 'back')).toBe('killed')
    expect(stepped(9_005, 'forward')).toBeUndefined()
  })

  it('are the sentences of a run at their moments, if it has any', () => {
    const sentence = (t: number, text: string, kind: Evidence['kind']): Clause => ({
      ...{ t, parts: [{ text: 'Then ' }, { text, claim: true }] },
      evidence: [{ kind, label: kind, line: 1, t, readings: [] }],
    })
    const startedAt = '2026-01-02T03:04:05.000Z'
    const begin = Date.parse(startedAt)
    const narration = [sentence(1_000, 'a fault began.', 'fault'), sentence(2_500, 'it was worked off.', 'sample')]
    expect(narratedClauses({ narration, startedAt })).toEqual([
      { t: begin + 1_000, shownAt: begin + 1_000, label: 'Then a fault began.', tone: 'fault' },
      { t: begin + 2_500, shownAt: begin + 2_500, label: 'Then it was worked off.', tone: 'plain' },
    ])
    expect(narratedClauses({ narration: [], startedAt })).toBeUndefined()
    expect(narratedClauses({ narration: undefined, startedAt })).toBeUndefined()
  })

  it('of one moment are marked one by one, and a step leads to each', () => {
    const clauses = clausesOf([mark(1_000, 'fault', 'a'), mark(2_000, 'part', 'b'), mark(2_000, 'part', 'c')])
    expect([900, 1_005, 1_500, 2_005, 3_000].map((t) => clauseAt(clauses, t))).toEqual([-1, 0, 0, 2, 2])
    expect([1, 2].map((chosen) => clauseAt(clauses, 2_005, chosen))).toEqual([1, 2])
    // It was chosen, and the playhead has gone on or back since.
    expect([1_500, 2_500].map((t) => clauseAt(clauses, t, 1))).toEqual([0, 2])
    let shown: { t: number; chosen: number | undefined } = { t: 0, chosen: undefined }
    const walk = (direction: 'forward' | 'back'): number[] => {
      const places: number[] = []
      for (;;) {
        const to = clauseFrom(clauses, shown.t, direction, shown.chosen)
        if (to === undefined) return places
        places.push(to)
        shown = { t: clauses[to]?.shownAt ?? 0, chosen: to }
      }
    }
    expect(walk('forward')).toEqual([0, 1, 2])
    expect(walk('back')).toEqual([1, 0])
    shown = { t: 9_000, chosen: undefined }
    expect(walk('back')).toEqual([2, 1, 0])
  })

  it('share a ring where there is no room for two', () => {
    const clauses = clausesOf([...marks, mark(9_010, 'part', 'the database answers')])
    const rings = ringsOf(clauses, (t) => t / 100)
    expect(rings.map(({ number, clauses: inIt }) => [number, inIt.length])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })
})

describe('the span of the track', () => {
  const whole = { from: 0, to: 3_600_000 }

  it('stays while the playhead is in it, turns over where the playhead leaves it, and never shows what is not there', () => {
    const first = spanAround(1_000_000, 600_000, whole, undefined)
    expect(first).toEqual({ from: 700_000, to: 1_300_000 })
    expect(spanAround(1_299_000, 600_000, whole, first)).toBe(first)
    expect(spanAround(1_300_001, 600_000, whole, first)).toEqual({ from: 1_240_001, to: 1_840_001 })
    expect(spanAround(3_599_000, 600_000, whole, undefined)).toEqual({ from: 3_000_000, to: 3_600_000 })
    expect(spanAround(5_000, 600_000, { from: 0, to: 41_000 }, undefined)).toEqual({ from: 0, to: 41_000 })
  })

  it('has ticks at round distances, since the run began or by the clock', () => {
    expect(replayTicksOf({ from: 500, to: 41_500 }, 10, 500).map(({ text }) => text)).toEqual(
      ['0', '5', '10', '15', '20', '25', '30', '35', '40'].map(String),
    )
    const byClock = replayTicksOf({ from: 61_000, to: 200_000 }, 6)
    expect(byClock.map(({ at }) => at)).toEqual([90_000, 120_000, 150_000, 180_000])
  })
})

describe('times', () => {
  it('are read as numbers or RFC 3339, and as nothing else', () => {
    expect(timeIn('1767323045000')).toBe(1_767_323_045_000)
    expect(timeIn('2026-01-02T03:04:05Z')).toBe(1_767_323_045_000)
    expect(timeIn('queue:consumer-db')).toBeUndefined()
    expect(timeIn('')).toBeUndefined()
  })

  it('are said in seconds, from a minute on in minutes', () => {
    expect([12_400, 0, 65_000].map(elapsed)).toEqual(['12.4 s', '0.0 s', '1 min 5.0 s'])
  })
})
