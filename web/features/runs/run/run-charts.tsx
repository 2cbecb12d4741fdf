'use client'

import { useMemo, useState } from 'react'
import type { Run } from '#contracts/api/run.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { looksOf, type Series, type SeriesLook } from '../../charts/series-look.ts'
import { count, durationWords, rate } from '../../words/figures.ts'
import { shortGroup } from '../run-words.ts'
import { AxisChart } from './axis-chart.tsx'
import { axisEnd, runMarks } from './run-marks.ts'
import { runGroupsOf, runRows, samplesOf } from './run-rows.ts'
import { FaultRows, PhaseRow } from './run-timeline.tsx'

export const perSecond = (value: number): string => `${rate(value)}/s`
export const wholeRun = (value: number): string => count(Math.round(value))
export const plain = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 })
export const timeTick = (ms: number): string => (ms < 1_000 ? `${plain(ms)} ms` : `${plain(ms / 1_000)} s`)

const states: { key: string; label: string; look: SeriesLook }[] = [
  { key: 'delivered', label: 'delivered', look: { stroke: 'var(--delivered)' } },
  { key: 'unsettled', label: 'unsettled', look: { stroke: 'var(--in-flight)', strokeDasharray: '5 3' } },
  { key: 'retrying', label: 'retrying', look: { stroke: 'var(--retrying)', strokeDasharray: '2 3' } },
  { key: 'deadLettered', label: 'dead', look: { stroke: 'var(--dead-lettered)', strokeDasharray: '8 3 2 3' } },
]

/** Phases and faults of a run over its figures, all on one time axis. */
export function RunCharts({ run, lines }: { run: Run; lines: readonly JournalLine[] }) {
  const samples = useMemo(() => samplesOf(lines), [lines])
  const rows = useMemo(() => runRows(samples), [samples])
  const groups = useMemo(() => runGroupsOf(samples), [samples])
  const look = useMemo(() => looksOf(groups), [groups])
  const { faults, phases } = run
  const marks = useMemo(() => runMarks({ faults, phases }), [faults, phases])
  const [cursor, setCursor] = useState<number>()
  const to = axisEnd(run)
  const of = (measure: string, word = ''): Series[] =>
    groups.map((group) => ({
      ...{ key: `${measure}:${group}`, label: `${shortGroup(group)}${word}`, look: look(group) },
      ...(measure === 'p50Ms' ? { thin: true } : {}),
    }))
  const shared = { rows, marks, span: { from: 0, to }, cursor, onCursor: setCursor }
  return (
    <section className="grid gap-1.5 border-b border-line px-4 py-3" aria-label="Timeline">
      <PhaseRow run={run} to={to} />
      <FaultRows run={run} to={to} />
      {rows.length === 0 ? (
        <p className="py-3 text-fg-3">
          {run.state === 'ended'
            ? 'It ended before its first figures.'
            : 'The first figures come a second after its first phase begins.'}
        </p>
      ) : (
        <>
          <AxisChart
            title="Throughput"
            aside="per second"
            series={[{ key: 'published', label: 'published', look: look(undefined) }, ...of('delivered')]}
            format={perSecond}
            tick={plain}
            {...shared}
          />
          <AxisChart
            title="Lag"
            aside="messages"
            least={10}
            series={of('lag')}
            format={wholeRun}
            tick={plain}
            {...shared}
          />
          <AxisChart
            title="Latency"
            aside="log scale"
            scale="log"
            series={[...of('p99Ms', ' p99'), ...of('p50Ms', ' p50')]}
            format={durationWords}
            tick={timeTick}
            {...shared}
          />
          <AxisChart
            title="Retrying"
            aside="messages"
            height={64}
            least={10}
            series={of('retrying')}
            format={wholeRun}
            tick={plain}
            {...shared}
          />
          <AxisChart
            title="Obligations"
            aside="all groups"
            isLast
            series={states}
            format={wholeRun}
            tick={plain}
            {...shared}
          />
        </>
      )}
    </section>
  )
}
