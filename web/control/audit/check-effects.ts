import type { ConsumerDeclaration } from '#contracts/lab.ts'
import { obligationOf } from '../journeys/journey-record.ts'
import type { PackedObligation } from '../journeys/packed-journey.ts'
import type { TraceStore } from '../journeys/trace-store.ts'
import type { EffectLookup } from './effect-lookup.ts'
import type { Findings } from './findings.ts'

/** Delivered messages of one service that one audit looks up at most: the newest. */
export const lookedUpAtMost = 2_000
/** All looks of one service may take so long, in milliseconds. */
const checkMs = 20_000

/** What looking up the effects of a service came to. */
export interface CheckedEffects {
  group: string
  /** Delivered messages that were looked up, and those of them whose effect was there. */
  looked: number
  made: number
}

/** Looks up effects of services that say in the lab file how that is done. Where a check cannot be asked, that is a finding. */
export async function checkEffects(
  {
    consumers,
    lookup,
    traces,
  }: { consumers: readonly ConsumerDeclaration[]; lookup: EffectLookup; traces: TraceStore },
  findings: Findings,
  signal: AbortSignal,
): Promise<CheckedEffects[]> {
  const checked: CheckedEffects[] = []
  for (const { name: group, check } of consumers) {
    if (!check) continue
    const ids = deliveredTo(traces, group)
    try {
      const made = await lookup.made(check, ids, AbortSignal.any([signal, AbortSignal.timeout(checkMs)]))
      for (const id of ids) {
        if (made.get(id) === true) continue
        const detail = `telemetry has it delivered by ${group}, and the check of ${group} finds no effect`
        findings.add({ kind: 'effect_missing', weight: 'fail', id, group, detail })
      }
      checked.push({ group, looked: ids.length, made: ids.filter((id) => made.get(id)).length })
    } catch (error) {
      signal.throwIfAborted()
      const reason = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
      const detail = `the effects of ${group} could not be looked up: ${reason}`
      findings.add({ kind: 'witness_absent', weight: 'doubt', group, detail })
    }
  }
  return checked
}

/** The newest messages that a group has delivered, as far as their journeys are kept. */
function deliveredTo({ order }: TraceStore, group: string): string[] {
  const ids: string[] = []
  order.walkBack(Number.POSITIVE_INFINITY, false, (journey) => {
    if (obligationOf<PackedObligation>(journey, group)?.state === 'delivered') ids.push(journey.id)
    return ids.length < lookedUpAtMost
  })
  return ids
}
