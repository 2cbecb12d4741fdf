import type { LedgerSummary } from '#contracts/api/ledger.ts'
import type { Topology, TopologyNode } from '#contracts/api/topology.ts'

/** What a node still owes or did wrong; plain numbers, so that a selector can compare them. */
export interface NodeObligations {
  retrying: number
  lost: number
  /** Milliseconds until the next retry is due; negative: it should have run so long ago. Absent without one. */
  dueInMs?: number
  /** Of an effect: second ones for one obligation. */
  duplicates?: number
}

/** The obligations that a card shows: of a consumer its group's, of an effect the duplicates of those who write there. `now` is epoch milliseconds. */
export function obligationsAt(
  node: TopologyNode,
  ledger: LedgerSummary | undefined,
  edges: Topology['edges'],
  now: number,
): NodeObligations | undefined {
  if (!ledger) return undefined
  if (node.kind === 'effect') {
    const groups = edges.filter(({ to }) => to === node.id).map(({ from }) => from.slice(from.indexOf(':') + 1))
    const found = ledger.anomalies.find(({ name }) => name === 'duplicate_effect')
    const duplicates = groups.reduce((sum, group) => sum + (found?.groups[group] ?? 0), 0)
    return { retrying: 0, lost: 0, duplicates }
  }
  if (node.kind !== 'consumer') return undefined
  const sum = { retrying: 0, lost: 0 }
  for (const row of ledger.groups) {
    if (row.group !== node.name) continue
    sum.retrying += row.retrying
    sum.lost += row.lost
  }
  const due = ledger.nextDue[node.name]
  return due === undefined || sum.retrying === 0 ? sum : { ...sum, dueInMs: Date.parse(due) - now }
}
