import type { FlowRow, FlowState } from '#contracts/api/flow.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'

/** Tone, glyph and word of a flow's state. */
export const flowStateView: Record<FlowState, { tone: Tone; glyph: GlyphName; word: string }> = {
  open: { tone: 'in-flight', glyph: 'in-flight', word: 'open' },
  ended: { tone: 'delivered', glyph: 'delivered', word: 'ended' },
  overdue: { tone: 'lost', glyph: 'overdue', word: 'overdue' },
  conflicting: { tone: 'lost', glyph: 'conflict', word: 'conflicting' },
}

/** The state of a flow, and what is known beyond it, in few words. */
export function stateWords({ state, endedBy, unsettled }: Pick<FlowRow, 'state' | 'endedBy' | 'unsettled'>): {
  word: string
  detail?: string
} {
  const { word } = flowStateView[state]
  if (state === 'ended') {
    const by = `${word} by ${endedBy[0] ?? 'an end'}`
    return unsettled === 0 ? { word: by } : { word: by, detail: `${unsettled} not settled` }
  }
  if (state === 'conflicting') return { word, detail: `${endedBy.join(' and ')} seen` }
  if (state === 'overdue')
    return { word, detail: unsettled === 0 ? 'no end, nothing moves' : `${unsettled} not settled` }
  return unsettled === 0 ? { word } : { word, detail: `${unsettled} not settled` }
}

/** `checkout #4812`. */
export const flowName = ({ flow, number }: Pick<FlowRow, 'flow' | 'number'>): string => `${flow} #${number}`

/** Start to the end, or to now while it has none; milliseconds. `now`: epoch milliseconds by the server's clock. */
export const flowTime = ({ tookMs, startedAt }: Pick<FlowRow, 'tookMs' | 'startedAt'>, now: number): number =>
  tookMs ?? Math.max(0, now - Date.parse(startedAt))
