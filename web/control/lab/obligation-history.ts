import { consumersOf, type DeclaredLab } from './declared-lab.ts'

/** Changes of a type that are remembered: telemetry is never this many changes late. */
const keptChanges = 16

const nobody: readonly string[] = []

export interface ObligationHistory {
  /** Groups that took events of `type` at `at`, epoch milliseconds; now where absent. */
  groupsOf(type: string, at?: number): readonly string[]
  /** From `at` on, types are owed as in `lab`. */
  record(lab: DeclaredLab, at: number): void
}

/**
 * Who was owed an event when. A publish is judged by the moments of its attempt and of its answer, though its telemetry comes later;
 * during a change of wiring an event counts as owed only if both the old and the new wiring say so, since nobody can tell
 * which of the two the broker applied. A delivery that comes all the same makes its own obligation.
 */
export function createObligationHistory(lab: DeclaredLab): ObligationHistory {
  const changes = new Map<string, { at: number; groups: string[] }[]>()

  const record = (next: DeclaredLab, at: number): void => {
    const types = new Set([...changes.keys(), ...next.eventTypes.map(({ name }) => name)])
    for (const type of types) {
      const known = changes.get(type) ?? []
      const groups = consumersOf(next, type)
      if (known.at(-1)?.groups.join() === groups.join()) continue
      changes.set(type, [...known, { at, groups }].slice(-keptChanges))
    }
  }
  record(lab, 0)

  return {
    record,
    groupsOf(type, at) {
      const known = changes.get(type)
      if (!known) return nobody
      const found = at === undefined ? known.at(-1) : known.findLast((change) => change.at <= at)
      return (found ?? known[0])?.groups ?? nobody
    },
  }
}

/** The lab in which a type is owed only to groups that take it in both labs. */
export function owedInBoth(before: DeclaredLab, after: DeclaredLab): DeclaredLab {
  return {
    ...after,
    subscriptions: after.subscriptions.map((entry) => {
      const old = before.subscriptions.find(({ consumer }) => consumer === entry.consumer)
      return { ...entry, eventTypes: entry.eventTypes.filter((type) => old?.eventTypes.includes(type)) }
    }),
  }
}
