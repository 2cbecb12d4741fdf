import type { Burst } from '#contracts/api/burst.ts'
import type { LedgerVerdict } from '#contracts/api/ledger.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { LabState } from '#web/live/lab-state.ts'
import type { GuideSubject } from './guide-subject.ts'

/** What the acts of the experiment began, and what was counted before. */
export interface GuideRecord {
  /** When the control plane started that this was begun with: with another, ids mean nothing. */
  lab?: string
  /** The message of the first step. */
  message?: string
  /** Whether every consumer has handled it. */
  handled?: boolean
  burst?: string
  kill?: string
  cut?: string
  /** When these were begun, epoch milliseconds by the server's clock. */
  begunAt?: { burst?: number; kill?: number; cut?: number }
  /** Second deliveries to the consumer before it was killed. */
  repeatedBefore?: number
  /** Whether a retry was seen while the link was cut. */
  retried?: boolean
  /** The reader opened the message that was handed out twice. */
  looked?: boolean
  /** Steps that the lab has ended, from 1. */
  ended?: number[]
  /** The audit of the last step. */
  verdict?: Pick<LedgerVerdict, 'result' | 'reasons'>
}

/** The lab as the steps of the experiment look at it. Counts are those of the subject's group, but for `lost`. */
export interface GuideView {
  subject: GuideSubject
  record: GuideRecord
  replicaUp: boolean
  /** Waiting, in a handler, and waiting for a retry. */
  unsettled: number
  retrying: number
  deadLettered: number
  /** In the whole lab. */
  lost: number
  owed: number
  burst: Burst | undefined
  /** It was begun, and is so long over that the lab no longer reports it. */
  isBurstPast: boolean
  kill: Fault | undefined
  isKillPast: boolean
  /** Milliseconds since it was over; 0 if it is not, infinite if that is not known any more. */
  killOverForMs: number
  cut: Fault | undefined
  isCutPast: boolean
  /** As `killOverForMs`. */
  cutOverForMs: number
  /** Messages handed out a second time since the kill, and one of them. */
  repeated: number
  repeatedSample: string | undefined
  /** Second effects of the group since the lab began. */
  secondEffects: number
}

type Live = Pick<LabState, 'ledger' | 'services' | 'bursts' | 'faults' | 'at'>

/** What was begun longer ago and is not in the live state has ended: that keeps what ended within minutes. */
const knownForMs = 60_000

export function guideView(live: Live, subject: GuideSubject, record: GuideRecord): GuideView {
  const groups = live.ledger?.groups ?? []
  const own = groups.filter(({ group }) => group === subject.consumer)
  const sum = (rows: typeof groups, name: 'waiting' | 'handling' | 'retrying' | 'dead_lettered' | 'lost' | 'owed') =>
    rows.reduce((total, row) => total + row[name], 0)
  const anomaly = (name: string) => live.ledger?.anomalies.find((one) => one.name === name)
  const replica = live.services
    .find(({ name }) => name === subject.consumer)
    ?.replicas.find(({ instance }) => instance === subject.instance)
  const repeats = anomaly('duplicate_delivery')
  const burst = live.bursts.find(({ id }) => id === record.burst)
  const kill = live.faults.find(({ id }) => id === record.kill)
  const cut = live.faults.find(({ id }) => id === record.cut)
  const isPast = (found: unknown, begunAt: number | undefined): boolean =>
    found === undefined && begunAt !== undefined && live.at - begunAt > knownForMs
  const overFor = (fault: Fault | undefined): number => {
    if (fault === undefined) return Number.POSITIVE_INFINITY
    return fault.healedAt === undefined ? 0 : Math.max(0, live.at - Date.parse(fault.healedAt))
  }
  return {
    ...{ subject, record },
    replicaUp: replica?.state === 'up',
    unsettled: sum(own, 'waiting') + sum(own, 'handling') + sum(own, 'retrying'),
    retrying: sum(own, 'retrying'),
    deadLettered: sum(own, 'dead_lettered'),
    lost: sum(groups, 'lost'),
    owed: sum(groups, 'owed'),
    ...{ burst, kill, cut, killOverForMs: overFor(kill), cutOverForMs: overFor(cut) },
    isBurstPast: isPast(burst, record.begunAt?.burst),
    isKillPast: isPast(kill, record.begunAt?.kill),
    isCutPast: isPast(cut, record.begunAt?.cut),
    repeated: Math.max(0, repeatsOf(live, subject.consumer) - (record.repeatedBefore ?? 0)),
    repeatedSample: repeats?.samplesByGroup[subject.consumer]?.at(-1),
    secondEffects: anomaly('duplicate_effect')?.groups[subject.consumer] ?? 0,
  }
}

/** Second deliveries to a group since the lab began. */
export const repeatsOf = (live: Pick<LabState, 'ledger'>, group: string): number =>
  live.ledger?.anomalies.find(({ name }) => name === 'duplicate_delivery')?.groups[group] ?? 0
