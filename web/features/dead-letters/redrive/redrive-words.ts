import type { Redrive } from '#contracts/api/dead-letter.ts'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { count } from '../../words/figures.ts'

/** A sentence of the dry run with what is below it. */
export interface RedriveFinding {
  tone: Tone
  glyph: GlyphName
  /** The name that the sentence is about. */
  who?: string
  text: string
  detail: string
}

const messages = (value: number): string => `${count(value)} ${value === 1 ? 'message' : 'messages'}`

/** How a dead letter goes back to its group alone. */
const wayOf = (broker: BrokerName, group: string): string =>
  `${brokerOf(broker).words.redrives.replace('{group}', group)}, which no other group reads`

/** What a dry run found, in the order in which a reader needs it: who runs, who does not, what may happen twice or fail again. */
export function redriveFindingsOf(
  run: Redrive,
  groups: readonly string[],
  promises: (group: string) => boolean,
): RedriveFinding[] {
  const { willRun, selected, selectedByGroup, mayDuplicate, wouldFail, broker } = run
  const runs = willRun.map(
    (group): RedriveFinding => ({
      ...{ tone: 'delivered', glyph: 'delivered', who: group },
      text: `runs again for ${messages(selectedByGroup[group] ?? selected)}`,
      detail: wayOf(broker, group),
    }),
  )
  const rests = groups
    .filter((group) => !willRun.includes(group))
    .map(
      (group): RedriveFinding => ({
        ...{ tone: 'idle', glyph: 'skipped', who: group },
        text: 'does not run',
        detail: 'a redrive reaches only the group that gave a message up',
      }),
    )
  const single = willRun
    .filter((group) => promises(group) && !mayDuplicate.some((one) => one.group === group))
    .map(
      (group): RedriveFinding => ({
        ...{ tone: 'delivered', glyph: 'delivered', who: group },
        text: 'makes no second effect',
        detail: 'a redrive keeps the identity, and its inbox suppresses what was done before',
      }),
    )
  const twice = mayDuplicate.map(
    ({ group, count: of, why }): RedriveFinding => ({
      ...{ tone: 'retrying', glyph: 'retrying', who: group },
      text: `may act a second time for ${messages(of)}`,
      detail: why,
    }),
  )
  const again = wouldFail.map(
    ({ group, count: of, why }): RedriveFinding => ({
      ...{ tone: 'dead', glyph: 'dead', who: group },
      text: `would give ${messages(of)} up again`,
      detail: why,
    }),
  )
  return [...runs, ...rests, ...single, ...twice, ...again]
}

/** Glyph, tone and word of a redrive's state. */
export const redriveRunLook: Record<Redrive['state'], { tone: Tone; glyph: GlyphName; word: string }> = {
  dry_run: { tone: 'idle', glyph: 'skipped', word: 'Dry run' },
  running: { tone: 'in-flight', glyph: 'in-flight', word: 'Running' },
  awaiting_canary: { tone: 'in-flight', glyph: 'handling', word: 'Waiting for the canary' },
  done: { tone: 'delivered', glyph: 'delivered', word: 'Done' },
  stopped: { tone: 'idle', glyph: 'paused', word: 'Stopped' },
  failed: { tone: 'lost', glyph: 'lost', word: 'Failed' },
  interrupted: { tone: 'lost', glyph: 'lost', word: 'Interrupted' },
}

export const isRedriveRunning = ({ state }: Pick<Redrive, 'state'>): boolean =>
  state === 'running' || state === 'awaiting_canary'

/** Sent back, given up for now, or no longer there. */
export const handledOf = ({ redriven, copied, failed, gone }: Redrive): number => redriven + copied + failed + gone
