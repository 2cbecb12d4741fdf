import type { AuditReport, Disagreement } from '#contracts/api/audit.ts'
import { count } from '../words/figures.ts'

/** A count, as each witness has it. */
export interface CountRow {
  key: string
  /** Nothing where the row is about all groups. */
  group: string | undefined
  what: string
  telemetry: string
  broker: string
  effects: string
  /** Matters on which the witnesses differ; 0 where they agree, undefined where nothing was compared. */
  differ: number | undefined
  /** Matters that a redrive or a fault explains. */
  explained: number
}

const absent = '–'
const ofDead: readonly Disagreement['kind'][] = ['dead_letters_differ', 'discarded']
const ofContents: readonly Disagreement['kind'][] = [
  ...(['effect_differs', 'effect_explained', 'stale_effect'] as const),
  ...(['altered_message', 'alteration_explained', 'content_not_compared'] as const),
]
const explaining: readonly Disagreement['kind'][] = ['effect_explained', 'alteration_explained']

/** What was counted, group by group, and what was read of contents. */
export function countRowsOf(report: AuditReport): CountRow[] {
  const { drained, witnesses, contents, disagreements } = report
  const { telemetry, broker, effects } = witnesses
  const graver = disagreements.filter(({ weight }) => weight !== 'note')
  const sum = (those: readonly Disagreement[]): number => those.reduce((all, one) => all + one.count, 0)
  const differ = (holds: (one: Disagreement) => boolean) => (drained ? sum(graver.filter(holds)) : undefined)
  const groups = [...new Set([...Object.keys(telemetry.delivered), ...Object.keys(telemetry.deadLettered)])].sort()
  const counts = groups.flatMap((group): CountRow[] => {
    const queue = broker?.queues.find((one) => one.group === group)
    const stored = effects?.groups.find((one) => one.group === group)
    const left = queue && queue.visible + queue.inFlight + queue.delayed
    return [
      {
        ...{ key: `${group} delivered`, group, what: 'delivered', explained: 0 },
        telemetry: count(telemetry.delivered[group] ?? 0),
        broker: left === undefined ? absent : `${count(left)} left`,
        effects: stored ? effectsWords(stored) : absent,
        differ: differ((one) => one.group === group && !ofDead.includes(one.kind) && !ofContents.includes(one.kind)),
      },
      {
        ...{ key: `${group} dead`, group, what: 'dead-lettered', explained: 0, effects: absent },
        telemetry: count(telemetry.deadLettered[group] ?? 0),
        broker: queue ? count(queue.deadLetters) : absent,
        differ: differ((one) => one.group === group && ofDead.includes(one.kind)),
      },
    ]
  })
  const compared = contents.reduce((all, one) => all + one.compared, 0)
  const missed = contents.reduce((all, one) => all + one.notCompared, 0)
  const about = disagreements.filter(({ kind }) => ofContents.includes(kind))
  return [
    ...counts,
    {
      ...{ key: 'contents', group: undefined, what: 'Contents read and compared', telemetry: absent, broker: absent },
      effects: `${count(compared)} ${compared === 1 ? 'effect' : 'effects'}${missed > 0 ? `, ${count(missed)} not` : ''}`,
      // Also of a lab that did not come to rest: what stands in queues is looked at all the same.
      differ: drained || about.length > 0 ? sum(about.filter(({ weight }) => weight !== 'note')) : undefined,
      explained: sum(about.filter(({ kind }) => explaining.includes(kind))),
    },
  ]
}

/** The arithmetic of a store: `92,665 mails − 3 second = 92,662`. */
function effectsWords({
  kind,
  effects,
  messages,
  foreign,
}: NonNullable<AuditReport['witnesses']['effects']>['groups'][number]): string {
  const noun = kind === 'email' ? 'mail' : 'row'
  const all = `${count(effects)} ${effects === 1 ? noun : `${noun}s`}`
  const second = effects - messages - foreign
  const less = [
    ...(second > 0 ? [`${count(second)} second`] : []),
    ...(foreign > 0 ? [`${count(foreign)} of another lab`] : []),
  ]
  return less.length === 0 ? all : `${all} − ${less.join(' − ')} = ${count(messages)}`
}

/** A disagreement about one message, or one field of it; or a count that no message is named for. */
export interface FindingRow {
  key: string
  kind: Disagreement['kind']
  weight: Disagreement['weight']
  id: string | undefined
  group: string
  field: string
  expected: string
  actual: string
  detail: string
}

/** Rows that are listed at most. */
export const listedFindings = 500

/** Disagreements message by message, the grave ones first; at most `listedFindings` of `kind`, or of all. */
export function findingRowsOf(
  disagreements: readonly Disagreement[],
  kind: Disagreement['kind'] | 'all',
): FindingRow[] {
  const order: Disagreement['weight'][] = ['fail', 'doubt', 'note']
  const rows: FindingRow[] = []
  const chosen = disagreements.filter((one) => kind === 'all' || one.kind === kind)
  for (const [line, one] of chosen.toSorted((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight)).entries()) {
    const { kind: found, weight, group = '', detail, samples, differences = [], count: of } = one
    const base = { kind: found, weight, group, detail }
    const add = (id: string | undefined, field: string, expected: string, actual: string): void => {
      if (rows.length < listedFindings)
        rows.push({ key: `${line} ${rows.length}`, ...base, id, field, expected, actual })
    }
    for (const { id, field, expected, actual } of differences) add(id, field, expected, actual)
    const named = new Set(differences.map(({ id }) => id))
    for (const id of samples) if (!named.has(id)) add(id, '', '', '')
    if (samples.length === 0 && differences.length === 0) add(undefined, '', '', count(of))
  }
  return rows
}
