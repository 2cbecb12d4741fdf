import type { FoldedTopology } from './fold-services.ts'

/** What the reader does not want to see, as the address has it: `hide=checkout-,payment-refund`; a prefix ends with its dash. */
export const hiddenNames = {
  /** Of a parameter's value. */
  read: (text: string | undefined): Set<string> => new Set((text ?? '').split(',').filter((name) => name !== '')),
  /** The value with one more. */
  with: (name: string): string => [...new Set([...now(), name])].join(','),
  /** The value without it. */
  without: (name: string): string => [...now()].filter((one) => one !== name).join(','),
}

const now = (): Set<string> => hiddenNames.read(new URLSearchParams(window.location.search).get('hide') ?? undefined)

/** Whether a service is hidden, by its own name or with its group. */
const isHidden = (name: string, hidden: ReadonlySet<string>): boolean =>
  hidden.has(name) || hidden.has(name.slice(0, name.indexOf('-') + 1))

/** The graph without what is hidden, and without topics that nothing else has to do with. */
export function withoutHidden(folded: FoldedTopology, hidden: ReadonlySet<string>): FoldedTopology {
  if (hidden.size === 0) return folded
  const gone = new Set(
    folded.nodes.filter(({ kind, name }) => kind !== 'topic' && isHidden(name, hidden)).map(({ id }) => id),
  )
  const edges = folded.edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to))
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const hadLinks = new Set(folded.edges.flatMap(({ from, to }) => [from, to]))
  return {
    nodes: folded.nodes.filter(
      ({ id, kind }) => !gone.has(id) && (kind !== 'topic' || linked.has(id) || !hadLinks.has(id)),
    ),
    edges,
    parts: new Map([...folded.parts].filter(([id]) => !gone.has(id))),
  }
}
