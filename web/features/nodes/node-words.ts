import type { NodeState, TopologyNode } from '#contracts/api/topology.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { IconName } from '#web/ui/icon.tsx'
import type { Tone } from '#web/ui/status.tsx'

/** The icon of what a node is. */
export const iconOf = (node: Pick<TopologyNode, 'kind' | 'effect'>): IconName => {
  if (node.kind === 'effect') return node.effect === 'email' ? 'mail' : 'db'
  if (node.kind === 'dead_letter_queue') return 'dlq'
  return node.kind
}

const kindWords: Record<TopologyNode['kind'], string> = {
  producer: 'producer',
  topic: 'topic',
  queue: 'queue',
  dead_letter_queue: 'dead-letter queue',
  consumer: 'consumer',
  effect: 'effect',
}
/** What a node is, in words: `dead-letter queue`. */
export const kindOf = (node: Pick<TopologyNode, 'kind'>): string => kindWords[node.kind]

/** The name as a card has room for it: a dead-letter queue is named after its group. */
export const shortName = (node: Pick<TopologyNode, 'kind' | 'name'>): string =>
  node.kind === 'dead_letter_queue'
    ? `${node.name.replace(/^consumer-/, '').replace(/-dead-letters$/, '')}.dead-letters`
    : node.name

/** Glyph, tone and word of a node's state. */
export const stateView: Record<NodeState, { glyph: GlyphName; tone: Tone; word: string }> = {
  up: { glyph: 'up', tone: 'delivered', word: 'up' },
  degraded: { glyph: 'degraded', tone: 'retrying', word: 'degraded' },
  restarting: { glyph: 'restarting', tone: 'idle', word: 'restarting' },
  paused: { glyph: 'paused', tone: 'idle', word: 'paused' },
  killed: { glyph: 'killed', tone: 'idle', word: 'down' },
  unreachable: { glyph: 'unreachable', tone: 'idle', word: 'unreachable' },
}
