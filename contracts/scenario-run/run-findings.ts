import type { CheckResult } from '../api/run.ts'
import { auditOf, drainMs, lastedOf } from './compared-figures.ts'
import { faultStory } from './fault-story.ts'
import {
  type ComparedSide,
  differs,
  type Finding,
  type FindingEvidence,
  lastLineOf,
  leastDrainMs,
  letter,
  type Pair,
  sides,
} from './finding.ts'
import { holds } from './holds.ts'
import type { JournalLine } from './journal-line.ts'
import type { RecordedRun } from './recorded-run.ts'
import { msInWords } from './time-words.ts'

/** What was not the same from the start: each on the line that a journal begins with. */
export function settings({ a, b }: Pair): Finding[] {
  const pairs = [
    [a.run.broker, b.run.broker, 'the broker'],
    [a.run.version, b.run.version, 'the version'],
    [a.run.lab ?? 'none', b.run.lab ?? 'none', 'the lab'],
    [String(a.run.seed), String(b.run.seed), 'the seed'],
  ] as const
  const differ = pairs.filter(([one, other]) => one !== other)
  const isOtherFile = a.first.scenario !== b.first.scenario
  if (differ.length === 0 && !isOtherFile) return []
  const words = [...differ.map(([, , name]) => name), ...(isOtherFile ? ['the file'] : [])]
  const text = (side: 0 | 1): string => differ.map((one) => one[side]).join(', ') || 'the file'
  return [
    {
      claim: `They were not run alike: ${words.join(', ')}.`,
      detail: differ.map(([one, other, name]) => `${name}: A ${one}, B ${other}`).join('; '),
      figures: [],
      evidence: [
        { side: 'a', line: 1, at: 0, kind: 'run', text: text(0) },
        { side: 'b', line: 1, at: 0, kind: 'run', text: text(1) },
      ],
    },
  ]
}

/** Checks that came to something else in one of the two. */
export function verdicts(pair: Pair): Finding[] {
  return sides.flatMap((side) => {
    const [mine, other] = [pair[side].run, pair[side === 'a' ? 'b' : 'a'].run]
    const failed = mine.checks.filter(
      ({ id, result }) => result === 'fail' && other.checks.find((one) => one.id === id)?.result !== 'fail',
    )
    if (failed.length === 0) return []
    const ids = failed.map(({ id }) => id)
    return [
      {
        claim: `${letter(side)} fails ${ids.length === 1 ? 'one check' : `${ids.length} checks`}: ${ids.join(', ')}.`,
        detail: failed[0]?.detail ?? failed[0]?.title ?? '',
        figures: ['verdict', ...ids.map((id) => `check ${id}`)],
        evidence: failed.flatMap((check) => checkLine(side, pair[side], check)),
      },
    ]
  })
}

const checkLine = (side: ComparedSide, recorded: RecordedRun, { id, kind }: CheckResult): FindingEvidence[] => {
  const planned = recorded.first.plan.checks.find((check) => check.id === id)
  const condition = planned && planned.kind !== 'invariant' ? planned.condition : undefined
  const broke = (line: JournalLine): boolean =>
    line.kind === 'check' && line.id === id && (condition === undefined || holds(condition, line.values) !== true)
  return kind === 'invariant'
    ? lastLineOf(
        side,
        recorded,
        (line) => line.kind === 'audit',
        () => id,
      )
    : lastLineOf(side, recorded, kind === 'abort' ? (line) => line.kind === 'check' && line.id === id : broke, () => id)
}

/** A run that was ended before its time. */
export const cuts = (pair: Pair): Finding[] =>
  sides.flatMap((side) =>
    lastLineOf(
      side,
      pair[side],
      (line) => line.kind === 'cut',
      (line) => (line.kind === 'cut' ? line.why.replaceAll('_', ' ') : ''),
    ).map((evidence) => ({
      claim: `${letter(side)} was ended before its time.`,
      detail: reasonOf(pair[side]),
      figures: ['verdict', 'took'],
      evidence: [evidence],
    })),
  )

const reasonOf = ({ lines }: RecordedRun): string =>
  lines.flatMap((line) => (line.kind === 'cut' ? [line.reason] : []))[0] ?? ''

/** Faults that took effect in one alone, or for longer. */
export function faultFindings({ a, b }: Pair): Finding[] {
  return a.run.faults.flatMap((mine) => {
    const other = b.run.faults.find(({ id }) => id === mine.id)
    if (!other) return []
    const evidence = sides.flatMap((side) =>
      lastLineOf(
        side,
        side === 'a' ? a : b,
        (line) => line.kind === 'fault' && line.id === mine.id,
        () => mine.id,
      ),
    )
    const figures = [`fault.observed ${mine.id}`, `fault.lasted ${mine.id}`]
    if ((mine.observedAt === undefined) !== (other.observedAt === undefined)) {
      const [seen, unseen] = mine.observedAt === undefined ? (['B', 'A'] as const) : (['A', 'B'] as const)
      const story = faultStory(seen === 'A' ? other : mine)
      return [
        { claim: `${mine.id} took effect in ${seen} alone.`, detail: `In ${unseen}: ${story}.`, figures, evidence },
      ]
    }
    const [lastedA, lastedB] = [lastedOf(mine), lastedOf(other)]
    if (lastedA === undefined || lastedB === undefined || !differs(lastedA, lastedB, leastDrainMs)) return []
    const longer = lastedB > lastedA ? 'B' : 'A'
    const claim = `${mine.id} held ${msInWords(Math.abs(lastedB - lastedA))} longer in ${longer}.`
    return [{ claim, detail: `A ${msInWords(lastedA)}, B ${msInWords(lastedB)} in effect.`, figures, evidence }]
  })
}

/** One that took longer until nothing was left, with who was last. */
export function drains(pair: Pair): Finding[] {
  const [a, b] = [drainMs(pair.a.run), drainMs(pair.b.run)]
  if (a === null || b === null || !differs(a, b, leastDrainMs)) return []
  const side: ComparedSide = b > a ? 'b' : 'a'
  const recorded = pair[side]
  const last = lastLineOf(
    side,
    recorded,
    (line) => line.kind === 'sample' && Object.values(line.groups).some(({ lag }) => lag > 0),
    (line) => (line.kind === 'sample' ? unsettledIn(line.groups) : ''),
  )
  return [
    {
      claim: `${letter(side)} drained ${msInWords(Math.abs(b - a))} later.`,
      detail: `A took ${msInWords(a)}, B ${msInWords(b)}.${last[0] ? ` The last that was unsettled: ${last[0].text}.` : ''}`,
      figures: ['drain', 'took'],
      evidence: [
        ...sides.flatMap((one) =>
          lastLineOf(
            one,
            pair[one],
            (line) => line.kind === 'phase' && line.edge === 'end',
            (line) => (line.kind === 'phase' ? `${line.name} ends` : ''),
          ),
        ),
        ...last,
      ],
    },
  ]
}

const unsettledIn = (groups: Record<string, { lag: number }>): string =>
  Object.entries(groups)
    .flatMap(([group, { lag }]) => (lag > 0 ? [`${lag} of ${group}`] : []))
    .join(', ')

/** What the audits found: broken promises in one, or none in both. */
export function audits({ a, b }: Pair): Finding[] {
  const [inA, inB] = [auditOf(a), auditOf(b)]
  if (!inA || !inB) return []
  const evidence = sides.flatMap((side) =>
    lastLineOf(
      side,
      side === 'a' ? a : b,
      (line) => line.kind === 'audit',
      () => 'audit',
    ),
  )
  const counts = (audit: typeof inA): [string, number][] => [
    ...Object.entries(audit.failing).flatMap(([name, count]): [string, number][] =>
      count > 0 ? [[`ledger.${name}`, count]] : [],
    ),
    ...Object.entries(audit.secondEffects).flatMap(([group, count]): [string, number][] =>
      count > 0 ? [[`second_effects ${group}`, count]] : [],
    ),
    ...[audit.contradictions, audit.breaches].flatMap(({ length }, index): [string, number][] =>
      length > 0 ? [[index === 0 ? 'contradictions of witnesses' : 'broken sums', length]] : [],
    ),
  ]
  const [foundA, foundB] = [counts(inA), counts(inB)]
  const words = (found: [string, number][]): string =>
    found.length === 0 ? 'none' : found.map(([name, count]) => `${name} ${count}`).join(', ')
  const figures = [...new Set([...foundA, ...foundB].map(([name]) => name))]
  if (words(foundA) !== words(foundB))
    return [
      {
        claim: 'Their audits found different things.',
        detail: `A: ${words(foundA)}. B: ${words(foundB)}.`,
        figures,
        evidence,
      },
    ]
  // From here on neither found an anomaly, a second effect, a contradiction or a broken sum.
  if (foundA.length > 0) return []
  const isSure = inA.drained && inB.drained && [inA, inB].every(({ doubts }) => doubts.length === 0)
  if (!isSure) return []
  return [
    {
      claim: 'Neither lost a message or made an effect twice.',
      detail: 'The audits of both found every promise kept.',
      figures: ['verdict'],
      evidence,
    },
  ]
}
