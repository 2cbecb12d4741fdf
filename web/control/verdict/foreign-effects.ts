import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { GroupCounts, PairCounts } from '../ledger/counters.ts'

/** What is known of the effects of a service that is not the lab's own. */
export interface ForeignEffects {
  group: string
  delivered: number
  /** Deliveries of which the service itself said what it did. */
  reported: number
  /** Delivered messages whose effect the last audit looked up and found. */
  verified: number
}

/** Effects of programs: the lab sees none of them by itself. Services that have delivered nothing are left out. */
export function foreignEffects(
  consumers: readonly Pick<ConsumerDeclaration, 'name' | 'body'>[],
  groups: PairCounts<GroupCounts>,
  verified: ReadonlyMap<string, number>,
): ForeignEffects[] {
  const foreign = new Map<string, ForeignEffects>()
  for (const { name: group, body } of consumers) {
    if (body.kind !== 'program' && body.kind !== 'url') continue
    foreign.set(group, { group, delivered: 0, reported: 0, verified: verified.get(group) ?? 0 })
  }
  for (const [, group, { delivered, reported }] of groups.entries()) {
    const effects = foreign.get(group)
    if (!effects) continue
    effects.delivered += delivered
    effects.reported += reported
  }
  return [...foreign.values()].filter(({ delivered }) => delivered > 0)
}

/** Sentences about them for a verdict: what was looked up, what was only said, and what nobody looked at. */
export function foreignNotes(effects: readonly ForeignEffects[]): string[] {
  return effects.flatMap(({ group, delivered, reported, verified }) => {
    const looked = Math.min(verified, delivered)
    const said = Math.min(reported, delivered - looked)
    const unseen = delivered - looked - said
    return [
      ...(looked > 0 ? [`effects of ${deliveries(looked)} of ${group} were looked up and found`] : []),
      ...(said > 0 ? [`effects of ${deliveries(said)} of ${group} are reported by it, not verified`] : []),
      ...(unseen > 0 ? [`nobody looked at the effects of ${deliveries(unseen)} of ${group}`] : []),
    ]
  })
}

const deliveries = (count: number): string => (count === 1 ? '1 delivery' : `${count} deliveries`)
