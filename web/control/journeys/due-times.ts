import { type JourneyRecord, type ObligationRecord, toMs } from './journey-record.ts'

interface Due {
  /** Epoch milliseconds. */
  at: number
  dueUs: number
  journey: JourneyRecord
  obligation: ObligationRecord
}

/** Entries from which on those that no longer hold are thrown out when another comes. */
const firstSweep = 1_024

/**
 * When the next retry of each group is due. A heap by group: an entry is left behind when its message runs, and goes when it
 * comes to the top, or when half of them may be such.
 */
export class RetryDueTimes {
  readonly #heaps = new Map<string, { entries: Due[]; sweepAt: number }>()

  /** Entries that are held, of all groups. */
  get size(): number {
    return [...this.#heaps.values()].reduce((sum, { entries }) => sum + entries.length, 0)
  }

  /** The obligation waits for its next attempt, which its last one has fixed. */
  add(journey: JourneyRecord, obligation: ObligationRecord): void {
    const dueUs = obligation.attempts.at(-1)?.dueUs
    if (obligation.state !== 'retrying' || dueUs === undefined) return
    let heap = this.#heaps.get(obligation.group)
    if (!heap) {
      heap = { entries: [], sweepAt: firstSweep }
      this.#heaps.set(obligation.group, heap)
    }
    if (heap.entries.length >= heap.sweepAt) {
      // A sorted list is a heap.
      heap.entries = heap.entries.filter(holds).sort((a, b) => a.at - b.at)
      heap.sweepAt = Math.max(firstSweep, heap.entries.length * 2)
    }
    push(heap.entries, { at: toMs(journey, dueUs), dueUs, journey, obligation })
  }

  /** Epoch milliseconds of the next one of each group that has any; it may have passed. */
  next(): Map<string, number> {
    const next = new Map<string, number>()
    for (const [group, { entries }] of this.#heaps) {
      while (entries[0] && !holds(entries[0])) pop(entries)
      if (entries[0]) next.set(group, entries[0].at)
    }
    return next
  }
}

const holds = ({ journey, obligation, dueUs }: Due): boolean =>
  !journey.dropped && obligation.state === 'retrying' && obligation.attempts.at(-1)?.dueUs === dueUs

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]
    if (!above || above.at <= due.at) break
    heap[at] = above
    at = parent
  }
  heap[at] = due
}

function pop(heap: Due[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const right = heap[left + 1]
    const child = right && right.at < (heap[left]?.at ?? Number.POSITIVE_INFINITY) ? left + 1 : left
    const below = heap[child]
    if (!below || below.at >= last.at) break
    heap[at] = below
    at = child
  }
  heap[at] = last
}
