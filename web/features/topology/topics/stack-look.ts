import { type FoldableNode, foldsOf } from '../../nodes/retry-nodes.ts'
import { isStack } from '../../nodes/topic-stacks.ts'
import type { GraphView } from '../graph-context.ts'

/** The edges of two more cards behind a place for several topics, as behind a group of services. */
export const stackedEdges =
  'shadow-[2px_-2px_0_-1px_var(--raised),2px_-2px_0_0_var(--border),4px_-4px_0_-1px_var(--raised),4px_-4px_0_0_var(--border)]'

/** The name of the topic in a stack that is selected, or that the followed message passed; undefined: none of them. */
export function shownMember({ selected, trace }: GraphView, node: FoldableNode): string | undefined {
  if (!isStack(node)) return undefined
  const shown = foldsOf(node).find((id) => id === selected || trace?.words.has(id) === true)
  return shown?.replace(/^topic:/, '')
}
