import type { CheckResult, RunItem, RunState, RunVerdict } from '#contracts/api/run.ts'
import { brokerOf } from '#contracts/brokers/broker-name.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { IconName } from '#web/ui/icon.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'

/** How a verdict, or the result of a check, is shown: by shape and word, not by colour alone. */
interface ResultView {
  word: string
  tone: Tone
  glyph: GlyphName
  icon: IconName
}

export const resultView: Record<CheckResult['result'], ResultView> = {
  pass: { word: 'pass', tone: 'delivered', glyph: 'delivered', icon: 'pass' },
  fail: { word: 'fail', tone: 'lost', glyph: 'lost', icon: 'fail' },
  inconclusive: { word: 'inconclusive', tone: 'idle', glyph: 'indeterminate', icon: 'inconclusive' },
  pending: { word: 'pending', tone: 'in-flight', glyph: 'waiting', icon: 'clock' },
}

/** Of a run that goes on: `pending`. */
export const runView = (verdict: RunVerdict | undefined): ResultView =>
  verdict === undefined ? { ...resultView.pending, word: 'running', glyph: 'in-flight' } : resultView[verdict]

export const runStateWords: Record<RunState, string> = {
  starting: 'starting',
  steady_state: 'waiting for the steady state',
  running: 'running',
  draining: 'draining',
  auditing: 'auditing',
  rolling_back: 'taking everything back',
  ended: 'ended',
}

/** What a kind of check is called beside its title. */
export const kindWords: Record<CheckResult['kind'], string> = {
  steady: 'steady',
  invariant: 'invariant',
  end: 'assertion',
  always: 'assertion',
  once: 'assertion',
  after: 'assertion',
  abort: 'abort on',
}

export const brokerLabel = (broker: RunItem['broker']): string => brokerOf(broker).label

/** Short names of groups, as charts have them: `consumer-db` is `db`. */
export const shortGroup = (group: string): string => group.replace(/^consumer-/, '')
