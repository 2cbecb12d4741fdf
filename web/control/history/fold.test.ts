import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomHistory, step } from '../intake/history.fixture.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerChanges } from '../ledger/ledger-changes.ts'
import { packColumns, unpackChanges } from './block-format.ts'
import { ChangeBuffer } from './change-buffer.ts'
import { type Changes, countUntil } from './changes.ts'
import { summaryOf } from './fixtures/recorded-lab.ts'
import { foldChanges } from './fold-changes.ts'
import { messagesAt } from './messages-at.ts'
import type { Moment } from './moment.ts'

const counts = (ledger: Ledger) => {
  const { publishes, groups } = summaryOf(ledger, 0)
  return { publishes, groups: groups.filter(({ owed }) => owed > 0) }
}

/** As it would be after a way over the disk. */
const stored = (changes: Changes): Changes =>
  unpackChanges({ ...changes, lanes: [...changes.lanes], names: [...changes.names] }, deflateSync(packColumns(changes)))

/** A buffer, and what the ledger itself said before each record that it took. */
class Watched implements LedgerChanges {
  readonly buffer: ChangeBuffer
  readonly seen: { after: number; time: number; counts: ReturnType<typeof counts> }[] = []
  readonly base: ReturnType<typeof counts>
  readonly ledger: Ledger
  readonly publish: LedgerChanges['publish']
  readonly obligation: LedgerChanges['obligation']

  constructor(ledger: Ledger, now: () => number) {
    this.ledger = ledger
    this.buffer = new ChangeBuffer(now)
    this.base = counts(ledger)
    this.publish = (...change) => this.buffer.publish(...change)
    this.obligation = (...change) => this.buffer.obligation(...change)
    ledger.changes = this
  }

  at(time: number): void {
    this.look()
    this.buffer.at(time)
  }

  look(): void {
    this.seen.push({ after: this.buffer.changes.count, time: this.buffer.last, counts: counts(this.ledger) })
  }
}

describe('a keyframe and the changes after it', () => {
  it('are the counts that the ledger had itself, at every record of any history, and the state of every message', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
        const history = new RandomHistory(10_000, false)
        await history.open()
        let now = 1_000_000
        let watched = new Watched(history.system.ledger, () => now)
        const begin = now
        for (const [index, action] of steps.entries()) {
          now += 10
          if (action.do === 'restart') {
            agree(watched, begin)
            await history.take(action, index)
            watched = new Watched(history.system.ledger, () => now)
          } else await history.take(action, index)
        }
        agree(watched, begin)
        await history.system.intake.close()
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

function agree(watched: Watched, begin: number): void {
  watched.look()
  const changes = stored(watched.buffer.changes)
  for (const { after, counts: expected } of watched.seen) {
    const folded = foldChanges({ publishes: watched.base.publishes, groups: watched.base.groups }, changes, after)
    expect({ ...folded, groups: folded.groups.filter(({ owed }) => owed > 0) }).toEqual(expected)
    for (const row of folded.groups)
      expect(Math.min(...Object.values(row).filter((value) => typeof value === 'number'))).toBeGreaterThanOrEqual(0)
  }
  // A time finds the place in the order: none is skipped, and none comes twice.
  for (let index = 1; index < changes.count; index += 1) {
    expect(changes.ms[index] ?? 0).toBeGreaterThanOrEqual(changes.ms[index - 1] ?? 0)
  }
  const middle = changes.ms[changes.count >> 1] ?? 0
  expect(countUntil(changes, middle)).toBe([...changes.ms].filter((ms) => ms <= middle).length)
  // A moment holds no more than what its message list is made of.
  const moment: Moment = { at: begin, lanes: [], hasChart: false }
  const recorded = { moments: [moment], last: 0, t: Number.MAX_SAFE_INTEGER, changesOf: () => changes }
  const ids = new Set(Array.from({ length: changes.count }, (_, index) => idAt(changes, index)))
  for (const [id, message] of messagesAt(recorded, [...ids])) {
    for (const [group, { state }] of message.groups) {
      expect(stateOf(watched, id, group), `${id} ${group}`).toContain(state)
    }
  }
}

const idAt = ({ lanes, lane, seq }: Changes, index: number): string => `${lanes[lane[index] ?? 0]?.prefix}${seq[index]}`

/** States by which the bits of the ledger may be called. */
function stateOf(watched: Watched, id: string, group: string): string[] {
  const { ledger } = watched
  const found = ledger.find(id)
  const state = found ? ledger.stateOf(found.sequence, found.seq, group) : 'none'
  if (state === 'open') return ['waiting', 'handling', 'retrying']
  if (state === 'both') return ['delivered']
  return state === 'dropped' ? ['delivered', 'dead_lettered', 'lost'] : [state]
}
