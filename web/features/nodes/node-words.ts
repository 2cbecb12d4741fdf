import type { NodeState, TopologyNode } from '#contracts/api/topology.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { IconName } from '#web/ui/icon.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import type { FoldableNode } from './retry-nodes.ts'

/** The icon of what a node is. */
export const iconOf = (node: Pick<TopologyNode, 'kind' | 'effect'>): IconName => {
  if (node.kind === 'effect') return node.effect === 'email' ? 'mail' : 'db'
  if (node.kind === 'dead_letter_queue') return 'dlq'
  if (node.kind === 'retry_topic') return 'retry'
  return node.kind
}

const kindWords: Record<TopologyNode['kind'], string> = {
  producer: 'producer',
  topic: 'topic',
  queue: 'queue',
  dead_letter_queue: 'dead-letter queue',
  consumer: 'consumer',
  effect: 'effect',
  retry_topic: 'retry topic',
}
/** What a node is, in words: `dead-letter queue`. */
export const kindOf = (node: Pick<FoldableNode, 'kind' | 'folds'>): string =>
  node.kind === 'topic' && node.folds !== undefined ? 'in one place; list them' : kindWords[node.kind]

/** The name as a card has room for it: a dead-letter queue is named after its group, and so is a retry topic; `email.retry 1–3` or `email.retry 1, 3` for several. */
export function shortName(node: Pick<FoldableNode, 'kind' | 'name' | 'levels'>): string {
  const own = node.name.replace(/^consumer-/, '')
  if (node.kind === 'dead_letter_queue') return `${own.replace(/-dead-letters$/, '')}.dead-letters`
  if (node.kind !== 'retry_topic') return node.name
  return node.levels && node.levels.length > 1 ? `${own} ${levelsInWords(node.levels)}` : own
}

function levelsInWords(levels: readonly number[]): string {
  const [first = 0] = levels
  return levels.every((level, at) => level === first + at) ? `${first}–${levels.at(-1)}` : levels.join(', ')
}

/** Glyph, tone and word of a node's state. */
export const stateView: Record<NodeState, { glyph: GlyphName; tone: Tone; word: string }> = {
  up: { glyph: 'up', tone: 'delivered', word: 'up' },
  degraded: { glyph: 'degraded', tone: 'retrying', word: 'degraded' },
  restarting: { glyph: 'restarting', tone: 'idle', word: 'restarting' },
  paused: { glyph: 'paused', tone: 'idle', word: 'paused' },
  killed: { glyph: 'killed', tone: 'idle', word: 'down' },
  unreachable: { glyph: 'unreachable', tone: 'idle', word: 'unreachable' },
}
