import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'

/** Glyph, tone and word of a replica's state. */
interface ReplicaView {
  glyph: GlyphName
  tone: Tone
  word: string
}

/** Of a replica that runs while nobody takes connections where it delivers. */
const awayView: ReplicaView = { glyph: 'unreachable', tone: 'idle', word: 'unreachable' }

/** How a replica is shown, and since when it is so, epoch milliseconds. */
export const replicaView = ({ state, since, away }: ReplicaStatus): ReplicaView & { since: number } =>
  state === 'up' && away !== undefined ? { ...awayView, since: away.since } : { ...views[state], since }

const views: Record<ReplicaStatus['state'], ReplicaView> = {
  starting: { glyph: 'restarting', tone: 'idle', word: 'starting' },
  'waiting-for-broker': { glyph: 'waiting', tone: 'retrying', word: 'waits for broker' },
  up: { glyph: 'up', tone: 'delivered', word: 'up' },
  backoff: { glyph: 'killed', tone: 'retrying', word: 'down' },
  paused: { glyph: 'paused', tone: 'retrying', word: 'paused' },
  killed: { glyph: 'killed', tone: 'retrying', word: 'killed' },
  stopping: { glyph: 'paused', tone: 'idle', word: 'stopping' },
  stopped: { glyph: 'killed', tone: 'idle', word: 'stopped' },
}

/** `2 of 2 up`, `1 of 2 up`; `not connected` where the sidecar is not heard. */
export function replicasUp(replicas: readonly ReplicaStatus[], connected: boolean): string {
  if (!connected) return 'not connected'
  return `${replicas.filter((replica) => replica.state === 'up').length} of ${replicas.length} up`
}
