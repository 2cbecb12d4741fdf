import type { AnomalyName, LedgerReport } from '#contracts/api/ledger.ts'
import type { Harm } from '#contracts/defects.ts'
import type { Audit } from './prove-lab.ts'

/** What must be said of whom a defect harmed. */
export interface Expectation {
  /** An anomaly of the ledger, `told_twice`, or a disagreement of the audit. */
  name: AnomalyName | 'told_twice' | 'effect_missing' | 'effect_duplicated' | 'message_gone'
  /** Who says it: the ledger by itself, or only an audit, which asks broker and effect store. */
  by: 'ledger' | 'audit'
  /** A group that must be charged with it. */
  group?: string
  /** `all` that the defect harmed, or those that it also did not mend. Default all. */
  whom?: 'all' | 'not mended'
}

/** What was said: by name, the messages and the groups. */
export type Said = Map<string, { ids: Set<string>; groups: Set<string>; failing: number }>

export function saidBy(report: Pick<LedgerReport, 'anomalies' | 'toldTwice'>, audit?: Audit): Said {
  const said: Said = new Map()
  const add = (name: string, ids: readonly string[], groups: readonly string[], failing: number): void => {
    const entry = said.get(name) ?? { ids: new Set(), groups: new Set(), failing: 0 }
    for (const id of ids) entry.ids.add(id)
    for (const group of groups) entry.groups.add(group)
    said.set(name, { ...entry, failing: entry.failing + failing })
  }
  for (const { name, samples, groups, failing } of (audit ?? report).anomalies)
    add(name, samples, Object.keys(groups), failing)
  for (const { samples } of report.toldTwice) add('told_twice', samples, [], 0)
  for (const { kind, samples, group } of audit?.disagreements ?? [])
    add(kind, samples, group === undefined ? [] : [group], 0)
  return said
}

/** Whom an expectation is about. */
export function idsOf(harms: readonly Harm[], { whom = 'all' }: Pick<Expectation, 'whom'>): Set<string> {
  const ids = new Set(harms.flatMap(({ what, id }) => (what === 'harmed' ? [id] : [])))
  if (whom === 'not mended') for (const { what, id } of harms) if (what === 'mended') ids.delete(id)
  return ids
}

/** Whether it is said of exactly those. */
export function isMet(said: Said, harms: readonly Harm[], expected: Expectation): boolean {
  const found = said.get(expected.name)
  const ids = idsOf(harms, expected)
  if (!found || ids.size === 0 || found.ids.size !== ids.size) return false
  if (expected.group !== undefined && !found.groups.has(expected.group)) return false
  return [...ids].every((id) => found.ids.has(id))
}

/** What was said beyond what was expected and what the fault itself brings about. A fault never explains a failure. */
export function beyond(
  said: Said,
  expected: readonly Expectation[],
  byFault: readonly string[],
): { name: string; ids: string[]; groups: string[] }[] {
  const names = new Set(expected.map(({ name }) => name as string))
  return [...said].flatMap(([name, { failing, ids, groups }]) => {
    if (names.has(name) || (byFault.includes(name) && failing === 0)) return []
    return [{ name, ids: [...ids], groups: [...groups] }]
  })
}
