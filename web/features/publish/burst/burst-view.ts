import type { Burst } from '#contracts/api/burst.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { count } from '../../words/figures.ts'

interface BurstView {
  tone: Tone
  glyph: GlyphName
  word: string
}

const views: Record<Burst['state'], BurstView> = {
  running: { tone: 'in-flight', glyph: 'in-flight', word: 'Running' },
  done: { tone: 'delivered', glyph: 'delivered', word: 'Done' },
  stopped: { tone: 'idle', glyph: 'paused', word: 'Stopped' },
  interrupted: { tone: 'lost', glyph: 'lost', word: 'Interrupted' },
}

/** A burst that ended with less than this share of what was asked attempted did not do what it was asked to. */
const nearlyAll = 0.99

const isShort = ({ state, attempted, requested }: Burst): boolean =>
  state === 'done' && attempted < nearlyAll * requested

/** How the state of a burst is shown. One that ended and sent only a part is not shown as done. */
export function burstView(burst: Burst): BurstView {
  if (isShort(burst)) return { tone: 'retrying', glyph: 'retrying', word: 'Ended short' }
  if (burst.state === 'done' && burst.failed + burst.indeterminate > 0)
    return { tone: 'retrying', glyph: 'retrying', word: 'Done, not all acked' }
  return views[burst.state]
}

/** Why a burst that ended sent less than was asked; undefined if it did not. */
export function shortfall(burst: Burst): string | undefined {
  if (!isShort(burst)) return undefined
  const { attempted, requested, ratePerSecond, achievedPerSecond } = burst
  const percent = ((attempted / requested) * 100).toFixed(attempted / requested < 0.1 ? 1 : 0)
  return `Sent ${percent} % of what was asked: ${count(attempted)} of ${count(requested)}. The producer reached ${count(Math.round(achievedPerSecond))} a second of the ${count(ratePerSecond)} asked for before the time was up.`
}
