'use client'

import { useMemo, useState } from 'react'
import type { RunFault } from '#contracts/api/run.ts'
import type { RecordedRun } from '#contracts/scenario-run/recorded-run.ts'
import { AxisChart } from '../runs/run/axis-chart.tsx'
import { perSecond, plain, timeTick, wholeRun } from '../runs/run/run-charts.tsx'
import { axisEnd, runMarks } from '../runs/run/run-marks.ts'
import { samplesOf } from '../runs/run/run-rows.ts'
import { FaultRows, PhaseRow } from '../runs/run/run-timeline.tsx'
import { brokerLabel } from '../runs/run-words.ts'
import { durationWords } from '../words/figures.ts'
import { twoRunsRows, twoSeries } from './two-runs-rows.ts'

/** Faults whose begins and ends are no further apart are drawn once, for both. Milliseconds. */
const alikeMs = 500

/** Whether the faults of both were in effect at the same times. */
const areAlike = (a: readonly RunFault[], b: readonly RunFault[]): boolean =>
  a.length === b.length &&
  a.every((mine) => {
    const other = b.find(({ id }) => id === mine.id)
    const near = (x: number | undefined, y: number | undefined): boolean =>
      x === undefined || y === undefined ? x === y : Math.abs(x - y) <= alikeMs
    return other !== undefined && near(mine.observedAt, other.observedAt) && near(mine.healedAt, other.healedAt)
  })

/** Both runs on one time axis, each from its own begin; of one group. */
export function CompareCharts({ a, b, group }: { a: RecordedRun; b: RecordedRun; group: string }) {
  const rows = useMemo(() => twoRunsRows(samplesOf(a.lines), samplesOf(b.lines)), [a, b])
  // The bands are those of A; where the faults of B were at other times, its own rows say so.
  const marks = useMemo(() => runMarks(a.run), [a])
  const [cursor, setCursor] = useState<number>()
  const to = Math.max(axisEnd(a.run), axisEnd(b.run))
  const isSame = brokerLabel(a.run.broker) === brokerLabel(b.run.broker)
  const labels = isSame
    ? { a: `seed ${a.run.seed}`, b: `seed ${b.run.seed}` }
    : { a: brokerLabel(a.run.broker), b: brokerLabel(b.run.broker) }
  const shared = { rows, marks, span: { from: 0, to }, cursor, onCursor: setCursor }
  return (
    <section className="grid gap-1.5 border-b border-line px-4 py-3" aria-label="Both runs on one axis">
      <PhaseRow run={a.run} to={to} letter="A" />
      <PhaseRow run={b.run} to={to} label="" letter="B" />
      {areAlike(a.run.faults, b.run.faults) ? (
        <FaultRows run={a.run} to={to} letter="both" />
      ) : (
        <>
          <FaultRows run={a.run} to={to} letter="A" />
          <FaultRows run={b.run} to={to} letter="B" />
        </>
      )}
      <AxisChart
        title="Throughput"
        aside="per second"
        series={twoSeries('delivered', group, labels)}
        format={perSecond}
        tick={plain}
        {...shared}
      />
      <AxisChart
        title="Lag"
        aside="messages"
        series={twoSeries('lag', group, labels)}
        format={wholeRun}
        tick={plain}
        {...shared}
      />
      <AxisChart
        title="Latency p99"
        aside="log scale"
        scale="log"
        isLast
        series={twoSeries('p99Ms', group, labels)}
        format={durationWords}
        tick={timeTick}
        {...shared}
      />
    </section>
  )
}
