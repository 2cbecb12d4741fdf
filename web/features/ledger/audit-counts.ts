import { type AuditReport, auditSampleLimit, type Disagreement } from '#contracts/api/audit.ts'
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
  /** Matters on which the witnesses differ; 0 if they agree, undefined if nothing was compared. */
  differ: number | undefined
  /** Whether one of those that differ proves a breach; else they leave the matter open. */
  isBreach: boolean
  /** Matters that were not compared, as a witness or the data of an event was absent. */
  notCompared: number
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
/** Nothing differs by these: something could not be looked at. */
const uncompared: readonly Disagreement['kind'][] = ['content_not_compared', 'witness_absent']

/** What was counted, group by group, what no single group is concerned by, and what was read of contents. */
export function countRowsOf(report: AuditReport): CountRow[] {
  const { drained, witnesses, contents, disagreements } = report
  const { telemetry, broker, effects } = witnesses
  const about = disagreements.filter(({ kind }) => ofContents.includes(kind))
  const counted = disagreements.filter((one) => !about.includes(one))
  const groups = [
    ...new Set([
      ...[...Object.keys(telemetry.delivered), ...Object.keys(telemetry.deadLettered)],
      // One to which nothing came has no figure, and may owe all of it.
      ...counted.flatMap(({ group }) => group ?? []),
    ]),
  ].sort()
  const counts = groups.flatMap((group): CountRow[] => {
    const queue = broker?.queues.find((one) => one.group === group)
    const stored = effects?.groups.find((one) => one.group === group)
    const left = queue && queue.visible + queue.inFlight + queue.delayed
    const own = counted.filter((one) => one.group === group)
    return [
      {
        ...{ key: `${group} delivered`, group, what: 'delivered' },
        telemetry: count(telemetry.delivered[group] ?? 0),
        broker: left === undefined ? absent : `${count(left)} left`,
        effects: stored ? effectsWords(stored) : absent,
        ...verdictOf(
          own.filter(({ kind }) => !ofDead.includes(kind)),
          drained && (queue !== undefined || stored !== undefined),
        ),
      },
      {
        ...{ key: `${group} dead`, group, what: 'dead-lettered', effects: absent },
        telemetry: count(telemetry.deadLettered[group] ?? 0),
        broker: queue ? count(queue.deadLetters) : absent,
        ...verdictOf(
          own.filter(({ kind }) => ofDead.includes(kind)),
          drained && queue !== undefined,
        ),
      },
    ]
  })
  const elsewhere = verdictOf(
    counted.filter(({ group }) => group === undefined),
    false,
  )
  const compared = contents.reduce((all, one) => all + one.compared, 0)
  const missed = contents.reduce((all, one) => all + one.notCompared, 0)
  return [
    ...counts,
    ...(elsewhere.differ === undefined && elsewhere.notCompared === 0
      ? []
      : [
          {
            ...{ key: 'elsewhere', group: undefined, what: 'No single group', ...elsewhere },
            ...{ telemetry: absent, broker: absent, effects: absent },
          },
        ]),
    {
      ...{ key: 'contents', group: undefined, what: 'Contents read and compared', telemetry: absent, broker: absent },
      effects: `${count(compared)} ${compared === 1 ? 'effect' : 'effects'}${missed > 0 ? `, ${count(missed)} not` : ''}`,
      // Also of a lab that did not come to rest: what is in queues is looked at all the same.
      ...verdictOf(about, (drained && compared > 0) || about.some(({ kind }) => !uncompared.includes(kind))),
    },
  ]
}

const sum = (those: readonly Disagreement[]): number => those.reduce((all, one) => all + one.count, 0)

/** What findings come to. If there was nothing to compare with, only what was found all the same counts. */
function verdictOf(
  findings: readonly Disagreement[],
  wasCompared: boolean,
): Pick<CountRow, 'differ' | 'isBreach' | 'notCompared' | 'explained'> {
  const grave = findings.filter(({ kind, weight }) => weight !== 'note' && !uncompared.includes(kind))
  return {
    differ: grave.length > 0 || wasCompared ? sum(grave) : undefined,
    isBreach: grave.some(({ weight }) => weight === 'fail'),
    notCompared: sum(findings.filter(({ kind }) => uncompared.includes(kind))),
    explained: sum(findings.filter(({ kind }) => explaining.includes(kind))),
  }
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
  /** Of a row in the place of those that the audit counted and did not name: how many. */
  more?: number
}

/** Rows that are listed at most. */
export const listedFindings = 500

/**
 * Disagreements message by message, the grave ones first; at most `listedFindings` of `kind`, or of all. An audit names the first
 * messages of a disagreement only: a row says how many it counted beyond them.
 */
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
    const add = (id: string | undefined, field: string, expected: string, actual: string, more?: number): void => {
      if (rows.length >= listedFindings) return
      const row = { key: `${line} ${rows.length}`, ...base, id, field, expected, actual }
      rows.push(more === undefined ? row : { ...row, more })
    }
    for (const { id, field, expected, actual } of differences) add(id, field, expected, actual)
    const named = new Set(differences.map(({ id }) => id))
    for (const id of samples) if (!named.has(id)) add(id, '', '', '')
    if (samples.length === 0 && differences.length === 0) add(undefined, '', '', count(of))
    if (samples.length >= auditSampleLimit && of > samples.length) add(undefined, '', '', '', of - samples.length)
  }
  return rows
}
