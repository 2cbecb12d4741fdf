import { z } from 'zod'
import type { AnomalyName } from '#contracts/api/ledger.ts'
import { ensureObligation, isDone, isSettled, type JourneyRecord } from '../journey-record.ts'
import type { JournalPlace } from '../place.ts'
import type { ApplyContext } from './apply-context.ts'
import { declareAbsent, recover } from './apply-publish.ts'
import { settleDropped, settleObligation } from './obligations.ts'
import { enterUnsent } from './sequence-checks.ts'

/**
 * What the control plane itself decided, behind the watermark or in an audit. It goes to the journal like telemetry, so
 * that reading it again gives the same ledger.
 */
export const resolution = z.object({
  /**
   * `passed`: the group committed past a message that it was never given. `delivered` and `dead_lettered`: another witness
   * has it so, and telemetry never reported it. `again`: the effect store holds `count` effects more than telemetry reported. `differs`, `stale` and `altered`: an effect or a copy was compared with the event. `unsent`: a
   * hole in a sequence, or acknowledged to the caller and reported by nobody; `position`: the broker named a place that cannot be, and `id`
   * is that place. `uncaused`: the run that an event names as its cause cannot have
   * published it. `stalled`: a flow is past its time without an end, and nothing of it moves; `id` is that of the flow. `audited`: an audit compared the witnesses, and `vouched`: it accounts for everything; `id` is empty.
   */
  what: z.enum([
    ...(['phantom', 'double', 'passed', 'lost', 'absent', 'delivered', 'dead_lettered'] as const),
    ...([
      'again',
      'differs',
      'stale',
      'altered',
      'unsent',
      'position',
      'audited',
      'vouched',
      'stalled',
      'uncaused',
    ] as const),
  ]),
  id: z.string(),
  group: z.string().optional(),
  /** Epoch milliseconds. */
  at: z.number(),
  /** `again`: how many. `unsent`: of a burst, which `id` then names, messages that its figures have and nobody else. */
  count: z.int().min(1).optional(),
})
export type Resolution = z.infer<typeof resolution>

const contentAnomalies = {
  differs: 'effect_differs',
  stale: 'stale_effect',
  altered: 'altered_message',
  uncaused: 'phantom_message',
} as const satisfies Partial<Record<Resolution['what'], AnomalyName>>

/** Enters a decision. One that was entered before changes nothing. */
export function applyResolution(
  context: ApplyContext,
  { what, id, group, at, count }: Resolution,
  place: JournalPlace,
): void {
  const { ledger, traces } = context
  if (what === 'audited' || what === 'vouched') {
    context.sink.audited(at, what === 'vouched')
    return
  }
  if (what === 'unsent' || what === 'position') {
    if (count !== undefined) for (let n = 0; n < count; n += 1) context.sink.raise('unsent_message', id, at)
    else if (what === 'unsent') enterUnsent(context, id, at)
    else enterPosition(context, id, at, group)
    return
  }
  if (what === 'stalled') {
    context.sink.flows.stalled(id, at)
    return
  }
  const found = ledger.find(id)
  if (!found) return
  const { sequence, seq } = found
  if (what === 'phantom') {
    if (ledger.markPhantom(sequence, seq, true)) context.sink.raise('phantom_message', id, at)
    return
  }
  if (what === 'double') {
    if (group === undefined) return
    if (!context.sink.isExcused(id, group)) context.sink.raise('double_settlement', id, at, group)
    context.sink.excuse(id, group)
    return
  }
  if (what === 'differs' || what === 'stale' || what === 'altered' || what === 'uncaused') {
    context.sink.raiseOnce(contentAnomalies[what], id, at, group)
    return
  }
  if (what === 'again') {
    if (group === undefined) return
    for (let n = 0; n < (count ?? 1); n += 1) {
      // What cannot be remembered would be counted by every audit.
      if (!context.sink.actedAgain(sequence.prefix + seq, group)) return
      context.sink.raise('duplicate_effect', id, at, group)
    }
    return
  }
  const journey = traces.get(sequence, seq)
  if (!journey) {
    if (group === undefined || (what !== 'delivered' && what !== 'dead_lettered')) return
    if (ledger.stateOf(sequence, seq, group) !== 'lost') return
    context.sink.unreported(group)
    if (what === 'delivered') context.sink.addEffect(sequence, seq, group, true)
    settleDropped(context, { sequence, seq, onlyBits: true }, group, what, at)
    return
  }
  const wasOpen = traces.isOpen(journey)
  traces.touch(journey, place)
  if (what === 'absent') declareAbsent(context, journey, at)
  else if (group !== undefined) {
    if (what === 'passed') pass(context, journey, group, at)
    else settleFor(context, journey, group, what, at)
  }
  traces.changed(journey, wasOpen)
}

function enterPosition({ ledger, sink }: ApplyContext, place: string, at: number, group = ''): void {
  const key = `${place} ${group}`
  if (ledger.impossible.has(key)) return
  ledger.impossible.add(key)
  sink.raise('impossible_position', place, at, group)
}

function pass(context: ApplyContext, journey: JourneyRecord, group: string, at: number): void {
  const obligation = ensureObligation(journey, group)
  if (isDone(obligation) || obligation.passed) return
  obligation.passed = true
  obligation.premature = true
  context.sink.raise('premature_commit', journey.id, at, group)
  if (!isSettled(obligation)) context.suspicions.add('lost', journey.id, group, context.now())
}

function settleFor(
  context: ApplyContext,
  journey: JourneyRecord,
  group: string,
  what: 'lost' | 'delivered' | 'dead_lettered',
  at: number,
): void {
  const obligation = ensureObligation(journey, group)
  if (isSettled(obligation) && !(obligation.state === 'lost' && what !== 'lost')) return
  if (what !== 'lost') {
    recover(context, journey, at)
    context.sink.unreported(group)
    // What telemetry never reported has no known time of its answer to the broker.
    if (obligation.premature) context.sink.retract('premature_commit', journey.id, group)
    obligation.passed = false
    obligation.premature = false
  }
  if (what === 'delivered') context.sink.addEffect(journey.sequence, journey.seq, group, true)
  settleObligation(context, journey, obligation, what, at)
}
