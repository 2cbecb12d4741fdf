import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/status.tsx'

/** Glyph, tone and word of a replica's state. */
export const replicaView: Record<ReplicaStatus['state'], { glyph: GlyphName; tone: Tone; word: string }> = {
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
