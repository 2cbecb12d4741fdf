import type { LedgerSummary, LedgerVerdict } from '#contracts/api/ledger.ts'
import { anomalies } from '#contracts/api/ledger.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { IconName } from '#web/ui/icon.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { clock, count } from '../words/figures.ts'

export type AnomalySummary = LedgerSummary['anomalies'][number]
type Source = LedgerSummary['watermark']['sources'][number]

export const verdictView: Record<LedgerVerdict['result'], { word: string; icon: IconName }> = {
  pass: { word: 'Pass', icon: 'pass' },
  fail: { word: 'Fail', icon: 'fail' },
  inconclusive: { word: 'Inconclusive', icon: 'inconclusive' },
}

/** The tone of a verdict beside other states. */
export const verdictMark: Record<LedgerVerdict['result'], { tone: Tone; glyph: GlyphName }> = {
  pass: { tone: 'delivered', glyph: 'delivered' },
  fail: { tone: 'lost', glyph: 'lost' },
  inconclusive: { tone: 'idle', glyph: 'indeterminate' },
}

/** The colours of the pill of a verdict, its icon and its word. */
const verdictClass: Record<LedgerVerdict['result'], string> = {
  pass: 'border-delivered-border bg-delivered-bg icon:text-delivered-fg [&>b]:text-delivered-fg',
  fail: 'border-lost-border bg-lost-bg icon:text-lost-fg [&>b]:text-lost-fg',
  inconclusive: 'border-dashed border-border-strong',
}

/** Effects of programs that were only reported, or not even that, as the notes of a verdict say it. */
const isUnseen = (note: string): boolean =>
  note.startsWith('nobody looked at the effects') || note.endsWith('are reported by it, not verified')

/** Class of a verdict. One that passes is green only if somebody looked at all effects: else it is a pass without a color. */
export const verdictClassOf = ({ result, notes = [] }: LedgerVerdict): string =>
  result === 'pass' && notes.some(isUnseen) ? 'border-border-strong' : verdictClass[result]

/**
 * The reason beside the verdict in few words: what comes before the figures of the first one. Of one that passes it is a note: first that
 * effects were not looked at, as that takes its color. A failure is named with its count.
 */
export function shortReason(
  { result, reasons, notes = [], auditedAt }: LedgerVerdict,
  watermarkAt: string | null,
): string {
  const [first] = reasons
  if (first !== undefined) return result === 'fail' ? first : beforeColon(first)
  const note = notes.find(isUnseen) ?? notes[0]
  if (note !== undefined) return beforeColon(note)
  // Once the witnesses were compared, their time is the one that counts.
  return watermarkAt === null || auditedAt !== undefined
    ? 'all settled'
    : `all settled at ${clock(watermarkAt).slice(0, 8)}`
}

const beforeColon = (text: string): string => text.split(':')[0] ?? text

/** When the witnesses were compared last, in words. */
export const auditedWords = ({ auditedAt }: LedgerVerdict, running: boolean): string =>
  running ? 'auditing…' : auditedAt === undefined ? 'not audited' : `audited ${clock(auditedAt).slice(0, 8)}`

/** All that is behind a verdict: its reasons, then what it does not hang on. */
export const behindVerdict = ({ reasons, notes = [], vouchesSince }: LedgerVerdict): string[] => [
  ...reasons,
  ...notes,
  ...(vouchesSince === undefined
    ? []
    : [`Telemetry has a gap; an audit accounted for everything up to ${clock(vouchesSince).slice(0, 8)}`]),
]

/** What is known of an anomaly beside its count. */
export function anomalyNote({ name, count: found, failing, groups }: AnomalySummary): string {
  const { weight } = anomalies[name]
  if (failing === found) return 'breaks at-least-once'
  if (weight === 'counted') return 'normal under faults'
  const counted = Object.keys(groups).join(', ')
  if (failing > 0) return `${count(failing)} break at-least-once`
  return `${counted}: counted, cannot be prevented`
}

/** How many anomalies break at-least-once, as a head says it. */
export function failingWords(list: readonly AnomalySummary[]): string {
  const failing = list.reduce((sum, one) => sum + one.failing, 0)
  return `${count(failing)} that ${failing === 1 ? 'fails' : 'fail'} at-least-once`
}

/** What a source of telemetry has reported so far. */
export function sourceView({ connected, behindMs, missingFrames }: Source): {
  tone: Tone
  glyph: GlyphName
  word: string
} {
  const gap =
    missingFrames === 0 ? 'no gap' : missingFrames === 1 ? '1 frame missing' : `${count(missingFrames)} frames missing`
  if (behindMs === null) return { tone: 'idle', glyph: 'indeterminate', word: `never heard, ${gap}` }
  const behind = `${(behindMs / 1_000).toFixed(1)} s behind`
  if (!connected) return { tone: 'idle', glyph: 'unreachable', word: `away, ${gap}, ${behind}` }
  return missingFrames > 0
    ? { tone: 'lost', glyph: 'lost', word: `${gap}, ${behind}` }
    : { tone: 'delivered', glyph: 'delivered', word: `${gap}, ${behind}` }
}
