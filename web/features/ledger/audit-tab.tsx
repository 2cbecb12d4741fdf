'use client'
import { useMemo } from 'react'
import type { AuditReport } from '#contracts/api/audit.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button } from '#web/ui/button.tsx'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { countClass } from '#web/ui/recipes/count.ts'
import { stickyHead, tableClass } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { clock, count, dayAndTime, durationWords } from '../words/figures.ts'
import { AuditButton } from './audit-button.tsx'
import { type CountRow, countRowsOf } from './audit-counts.ts'
import { AuditFindings } from './audit-findings.tsx'
import { useAudit } from './audit-store.ts'
import { auditWords, gravelyDiffering, resolvedWords, weightView } from './audit-words.ts'
import { verdictMark, verdictView } from './ledger-words.ts'

/** Its time and how many findings it has, once there is one. */
export function AuditLabel() {
  const { report, running } = useAudit()
  if (!report) return running ? 'Audit…' : 'Audit'
  const found = gravelyDiffering(report)
  return (
    <>
      Audit {clock(report.at).slice(0, 8)}{' '}
      {found === 0 ? null : <span className={countClass({ tone: 'fault' })}>{count(found)}</span>}
    </>
  )
}

/** Whether there is an audit to show. */
export function useHasAudit(): boolean {
  const { report, running, problem } = useAudit()
  return running || report !== undefined || problem !== undefined
}

/** The last audit: what each witness counted, then every disagreement by message and field. */
export function AuditTab() {
  const { report, running, problem } = useAudit()
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto">
      <DockTools>
        {report ? (
          <Button
            small
            onClick={() => saveFile(`audit-${report.at.slice(0, 19).replaceAll(':', '')}.json`, writeJson(report, 2))}
          >
            <Icon name="download" size={12} />
            Export
          </Button>
        ) : null}
        <AuditButton />
      </DockTools>
      {running ? (
        <p className="border-b border-line px-4 py-2 text-fg-2" role="status">
          The audit waits until nothing is under way, at most 30 s.
        </p>
      ) : null}
      {problem ? <ProblemNote problem={problem} /> : null}
      {report ? (
        <Report report={report} />
      ) : running ? null : (
        <Empty icon="pass" title="No audit was asked for yet">
          An audit asks telemetry, broker and effects for every message, and names each one on which they differ.
        </Empty>
      )}
    </div>
  )
}

function Report({ report }: { report: AuditReport }) {
  const rows = useMemo(() => countRowsOf(report), [report])
  const { result, reasons } = report.verdict
  const resolved = resolvedWords(report)
  return (
    <>
      <p className="flex min-h-row min-w-0 flex-wrap items-center gap-x-2 border-b border-line px-4">
        <Status {...verdictMark[result]}>
          <b className="font-semibold">{verdictView[result].word}</b>
        </Status>
        <span className="min-w-0 flex-1 truncate text-fg-2" title={reasons.join('\n') || undefined}>
          {reasons[0] ?? `telemetry, broker and effects ${auditWords(report)}`}
        </span>
        <span className="type-11 text-fg-3">
          of {dayAndTime(report.at)}, read in {durationWords(report.tookMs)}
        </span>
      </p>
      {report.undrained.map(({ what, group, detail }) => (
        <p key={`${what} ${group}`} className="border-b border-line px-4 py-1 text-fg-2">
          Not at rest: {group === undefined ? '' : `${group}: `}
          {detail}
        </p>
      ))}
      <table className={cn(tableClass, stickyHead, 'min-w-180')}>
        <colgroup>
          <col className="w-60" />
          <col />
          <col />
          <col />
          <col className="w-52" />
        </colgroup>
        <thead>
          <tr>
            <th>Counted</th>
            <th className="text-right">Telemetry, what processes reported</th>
            <th className="text-right">Broker, what it holds</th>
            <th className="text-right">Effects, what was written and sent</th>
            <th>Three together</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>
                {row.group === undefined ? null : <b>{row.group} </b>}
                {row.what}
              </td>
              <td className="text-right">{row.telemetry}</td>
              <td className="text-right">{row.broker}</td>
              <td className="text-right">{row.effects}</td>
              <td>
                <Together row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {resolved === undefined ? null : <p className="border-t border-line px-4 py-1 text-fg-2">{resolved}</p>}
      <AuditFindings disagreements={report.disagreements} />
    </>
  )
}

function Together({ row: { differ, isBreach, explained, notCompared } }: { row: CountRow }) {
  const { tone, glyph } = weightView[isBreach ? 'fail' : 'doubt']
  const mark =
    differ === undefined ? (
      <Status tone="idle" glyph="indeterminate">
        {notCompared === 0 ? '' : `${count(notCompared)} `}not compared
      </Status>
    ) : differ === 0 ? (
      <Status tone="delivered" glyph="delivered">
        agree
      </Status>
    ) : (
      <Status tone={tone} glyph={glyph}>
        {count(differ)} differ
      </Status>
    )
  return (
    <>
      {mark}
      {explained === 0 ? null : <span className="ml-2 text-fg-3">{count(explained)} explained</span>}
      {notCompared === 0 || differ === undefined ? null : (
        <span className="ml-2 text-fg-3">{count(notCompared)} not compared</span>
      )}
    </>
  )
}
