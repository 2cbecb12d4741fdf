import type { Fault, FaultState, FaultTarget } from '#contracts/faults/fault.ts'
import type { IconName } from '#web/ui/icon.tsx'
import { age, durationWords } from '../words/figures.ts'

export const isOver = ({ state }: Pick<Fault, 'state'>): boolean => state === 'healed' || state === 'failed'

/** Icon and word of a fault's state. Pills differ by icon and border too, so that colour is never the only sign. */
export const faultStateView: Record<FaultState, { icon: IconName; word: string }> = {
  scheduled: { icon: 'clock', word: 'scheduled' },
  injecting: { icon: 'bolt', word: 'injecting' },
  active: { icon: 'bolt', word: 'active' },
  healing: { icon: 'heal', word: 'healing' },
  healed: { icon: 'heal', word: 'healed' },
  failed: { icon: 'x', word: 'failed' },
}

/** How a mark of a fault is drawn. Solid: in effect; pale: on its way; outlined: not yet or no more. */
export const faultMark: Partial<Record<FaultState, string>> = {
  active: 'border border-fault bg-fault text-on-fault',
  injecting: 'border border-fault bg-fault-bg text-fault-fg',
  healing: 'border border-dashed border-fault bg-raised text-fault-fg',
  scheduled: 'border border-dotted border-fault bg-raised text-fault-fg',
}

/** The state to show for several faults at once: what is in effect goes before what is not yet or no more. */
const strength: FaultState[] = ['active', 'injecting', 'healing', 'scheduled', 'failed', 'healed']
export const strongest = <F extends Pick<Fault, 'state'>>(faults: readonly F[]): F | undefined =>
  [...faults].sort((a, b) => strength.indexOf(a.state) - strength.indexOf(b.state))[0]

/** `consumer-email → broker`, `consumer-db-2, order_placed`, `broker (kafka)`. */
export function targetText({ service, instance, eventType, link, broker }: FaultTarget): string {
  if (link !== undefined) return link.replace('->', ' → ')
  if (broker !== undefined) return `broker (${broker})`
  return [instance ?? service, eventType].filter((part) => part !== undefined).join(', ')
}

/** `link.down on consumer-email → broker`. */
export const faultName = ({ type, target }: Pick<Fault, 'type' | 'target'>): string =>
  `${type} on ${targetText(target)}`

/** The last word of a type: `down` of `link.down`, `reset peer` of `link.reset_peer`. */
export const shortType = (type: string): string => type.slice(type.indexOf('.') + 1).replaceAll('_', ' ')

/** From when it counts: since it was seen to take effect, else since it was put in place. Epoch milliseconds. */
export function begunAt({ observedAt, injectedAt }: Fault): number | undefined {
  const at = observedAt ?? injectedAt
  return at === undefined ? undefined : Date.parse(at)
}

/** What an edge's badge says: `down 20.6 s`, `down in 12.0 s`, `down, healing`; `short`: without its name. `now` by the server's clock. */
export function badgeText(fault: Fault, now: number, short = false): string {
  const name = shortType(fault.type)
  const named = (text: string): string => (short ? text : `${name} ${text}`)
  if (fault.state === 'scheduled') return named(`in ${age(Math.max(0, Date.parse(fault.startAt) - now))}`)
  if (fault.state === 'healing') return short ? 'healing' : `${name}, healing`
  const since = begunAt(fault)
  return since === undefined ? name : named(age(Math.max(0, now - since)))
}

export interface FaultTime {
  /** `20.6 of 30 s`. */
  text: string
  /** Time left, absent if it lasts until it is healed. */
  leftMs?: number
  /** Share of its time that has passed, 0–1; absent as above. */
  share?: number
}

/** How far a fault is, for its card. `now` by the server's clock. */
export function faultTime(fault: Fault, now: number): FaultTime {
  if (fault.state === 'scheduled') return { text: `begins in ${age(Math.max(0, Date.parse(fault.startAt) - now))}` }
  const from = Date.parse(fault.injectedAt ?? fault.createdAt)
  const passed = Math.max(0, (fault.healedAt === undefined ? now : Date.parse(fault.healedAt)) - from)
  if (fault.endsAt === undefined) return { text: `${age(passed)}, until healed` }
  const whole = Math.max(1, Date.parse(fault.endsAt) - from)
  return {
    text: `${ofWhole(Math.min(passed, whole), whole)}`,
    leftMs: Math.max(0, whole - passed),
    share: Math.min(1, passed / whole),
  }
}

/** `20.6 of 30 s` where both are seconds, else `1 min of 2 h`. */
function ofWhole(passed: number, whole: number): string {
  if (whole < 60_000) return `${(passed / 1_000).toFixed(1)} of ${Number((whole / 1_000).toFixed(1))} s`
  return `${age(passed)} of ${durationWords(whole)}`
}

/** What was asked for beyond type and target: `latencyMs 500, 50 % of connections, down, seed 42`. */
export function askedFor({ params, percent, direction, seed, how }: Fault): string {
  return [
    how,
    ...Object.entries(params).map(([name, value]) => `${name} ${String(value)}`),
    ...(percent === 100 ? [] : [`${percent} %`]),
    ...(direction === undefined || direction === 'both' ? [] : [direction === 'up' ? 'only sent' : 'only received']),
    `seed ${seed}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}
