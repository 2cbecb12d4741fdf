import type { AuditReport, Disagreement } from '#contracts/api/audit.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { count } from '../words/figures.ts'

/** What one witness says in all. */
export interface WitnessView {
  name: string
  tone: Tone
  glyph: GlyphName
  words: string
}

const counted = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** The three witnesses of an audit, each with what it was asked for; one that did not answer says so. */
export function witnessesOf({ drained, witnesses: { telemetry, broker, effects } }: AuditReport): WitnessView[] {
  const delivered = sum(Object.values(telemetry.delivered))
  const dead = sum(Object.values(telemetry.deadLettered))
  const heard = { tone: 'delivered', glyph: 'delivered' } as const
  const silent = { tone: 'idle', glyph: 'indeterminate' } as const
  const held = sum((broker?.queues ?? []).map(({ visible, inFlight, delayed }) => visible + inFlight + delayed))
  const buried = sum((broker?.queues ?? []).map(({ deadLetters }) => deadLetters))
  const groups = effects?.groups ?? []
  const of = (kind: 'email' | 'row') => sum(groups.filter((one) => one.kind === kind).map((one) => one.effects))
  return [
    {
      ...{ name: 'Telemetry', ...heard },
      words: `${count(delivered)} delivered, ${counted(dead, 'dead letter', 'dead letters')}, ${count(telemetry.unsettled)} unsettled`,
    },
    broker
      ? {
          ...{ name: 'Broker', ...heard },
          words: `holds ${counted(held, 'message', 'messages')} and ${counted(buried, 'dead letter', 'dead letters')}`,
        }
      : { ...{ name: 'Broker', ...silent }, words: 'did not answer' },
    effects
      ? {
          ...{ name: 'Effects', ...heard },
          words: `${counted(of('email'), 'mail', 'mails')}, ${counted(of('row'), 'row', 'rows')}`,
        }
      : {
          ...{ name: 'Effects', ...silent },
          words: drained ? 'could not be read' : 'not read: the lab was not at rest',
        },
  ]
}

/** How a disagreement is shown, by what it proves. */
export const weightView: Record<Disagreement['weight'], { tone: Tone; glyph: GlyphName; word: string }> = {
  fail: { tone: 'lost', glyph: 'lost', word: 'breaks at-least-once' },
  doubt: { tone: 'idle', glyph: 'indeterminate', word: 'open' },
  note: { tone: 'idle', glyph: 'skipped', word: 'normal under faults' },
}

/** What the audit came to, in a line. */
export function auditWords({ drained, disagreements }: AuditReport): string {
  if (!drained) return 'not compared: the lab did not come to rest'
  const found = gravelyDiffering({ disagreements })
  return found === 0 ? 'agree on every message' : counted(found, 'disagreement', 'disagreements')
}

/** Matters on which the witnesses differ beyond what is normal under faults. */
export const gravelyDiffering = ({ disagreements }: Pick<AuditReport, 'disagreements'>): number =>
  sum(disagreements.filter(({ weight }) => weight !== 'note').map((one) => one.count))

/** What the audit settled that telemetry had left open; undefined if there was nothing. */
export function resolvedWords({
  resolved: { absent, lost, delivered, deadLettered },
}: AuditReport): string | undefined {
  const parts = [
    absent > 0 && `${counted(absent, 'publish is', 'publishes are')} absent`,
    delivered > 0 && `${counted(delivered, 'obligation was', 'obligations were')} delivered after all`,
    deadLettered > 0 && `${counted(deadLettered, 'obligation was', 'obligations were')} dead-lettered after all`,
    lost > 0 && `${counted(lost, 'obligation is', 'obligations are')} lost`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? undefined : `Settled by it: ${parts.join(', ')}.`
}
