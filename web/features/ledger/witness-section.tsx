'use client'

import type { AuditReport, Disagreement } from '#contracts/api/audit.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Status, statusClass } from '#web/ui/status.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { clock, count, durationWords } from '../words/figures.ts'
import { useAudit } from './audit-store.ts'
import { auditWords, resolvedWords, weightView, witnessesOf } from './audit-words.ts'
import { verdictMark, verdictView } from './ledger-words.ts'

/** Telemetry, broker and effects side by side, as the last audit found them. */
export function WitnessSection() {
  const { running, report, problem } = useAudit()
  return (
    <section className="border-t border-line px-4 py-3 first:border-t-0 [&:nth-of-type(1)]:pr-11">
      <div className={sectionHead}>
        <h2 className="type-12 font-semibold whitespace-nowrap">Witnesses</h2>
        <span className="type-11 text-fg-3" role="status">
          {running
            ? 'the audit waits until nothing is under way, at most 30 s'
            : report
              ? `${auditWords(report)}, audited ${clock(report.at).slice(0, 8)} in ${durationWords(report.tookMs)}`
              : 'not compared yet: an audit asks telemetry, broker and effects for every message'}
        </span>
      </div>
      {problem && !running ? <ProblemNote problem={problem} /> : null}
      {report ? <Report report={report} /> : null}
    </section>
  )
}

function Report({ report }: { report: AuditReport }) {
  const resolved = resolvedWords(report)
  const { result, reasons } = report.verdict
  const { tone, glyph } = verdictMark[result]
  return (
    <>
      <p className="flex min-w-0 items-center gap-2">
        <Status tone={tone} glyph={glyph}>
          {verdictView[result].word} by audit
        </Status>
        <span className="min-w-0 truncate text-fg-3" title={reasons.join('\n') || undefined}>
          {reasons[0]}
        </span>
      </p>
      <ul className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
        {witnessesOf(report).map(({ name, tone, glyph, words }) => (
          <li className="inline-flex items-center gap-2" key={name}>
            <Status tone={tone} glyph={glyph}>
              <span className="text-fg-2">{name}</span>
            </Status>
            <span className="text-fg-3">{words}</span>
          </li>
        ))}
      </ul>
      <ul>
        {report.undrained.map(({ what, group, count: of, detail, samples }) => (
          <li
            key={`${what} ${group}`}
            className="grid h-auto min-h-6 grid-cols-[168px_56px_1fr] items-baseline gap-2 text-fg-3"
          >
            <span className={cn(statusClass, 'tone-idle')}>
              <Glyph name="in-flight" />
              {what}
            </span>
            <Counted of={of} samples={samples} name={what} />
            <span>{detail}</span>
          </li>
        ))}
        {report.disagreements.map((one) => (
          <Differs key={`${one.kind} ${one.group} ${one.detail}`} one={one} />
        ))}
      </ul>
      {resolved === undefined ? null : <p className="py-1 text-fg-2">{resolved}</p>}
    </>
  )
}

function Differs({ one: { kind, weight, count: of, samples, group, detail } }: { one: Disagreement }) {
  const { tone, glyph, word } = weightView[weight]
  return (
    <li className="grid h-auto min-h-6 grid-cols-[168px_56px_1fr] items-baseline gap-2 text-fg-3">
      <span className={cn(statusClass, toneClass[tone])} title={word}>
        <Glyph name={glyph} />
        {kind}
      </span>
      <Counted of={of} samples={samples} name={kind} />
      <span>
        {group === undefined ? '' : `${group}: `}
        {detail}; {word}
      </span>
    </li>
  )
}

const Counted = ({ of, samples, name }: { of: number; samples: string[]; name: string }) =>
  samples.length === 0 ? (
    <span className="text-right font-medium text-fg">{count(of)}</span>
  ) : (
    <MessagesLink
      className="text-right font-medium text-fg"
      filters={{ ids: samples.join() }}
      label={`${count(of)} ${name}: show their messages`}
    >
      {count(of)}
    </MessagesLink>
  )
