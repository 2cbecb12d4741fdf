'use client'

import { useMemo, useState } from 'react'
import { compareRuns } from '#contracts/scenario-run/compare-runs.ts'
import type { RecordedRun } from '#contracts/scenario-run/recorded-run.ts'
import { go, setParams, useParam } from '#web/live/url-state.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { Seg } from '#web/ui/seg.tsx'
import { noRunParams } from '../runs/run-params.ts'
import { useRuns } from '../runs/runs-queries.ts'
import { CompareCharts } from './compare-charts.tsx'
import { FiguresTable } from './figures-table.tsx'
import { FindingsList } from './findings-list.tsx'
import { PickRun } from './pick-run.tsx'
import { RunCard } from './run-card.tsx'
import { useUploadedRuns } from './uploaded-runs.ts'
import { useRecordedRun } from './use-recorded-run.ts'

/** Two runs against each other, in the place of the graph: `/scenarios/compare?a=…&b=…`. */
export function CompareScreen() {
  const [a, b] = [useParam('a'), useParam('b')]
  const [first, second] = [useRecordedRun(a), useRecordedRun(b)]
  const runs = (useRuns().data ?? []).filter(({ verdict }) => verdict !== undefined)
  const uploadProblem = useUploadedRuns(({ problem }) => problem)
  const problems = [
    ...(first.problem === undefined ? [] : [`A: ${first.problem}`]),
    ...(second.problem === undefined ? [] : [`B: ${second.problem}`]),
    ...(uploadProblem === undefined ? [] : [uploadProblem]),
  ]
  return (
    <Panel kind="wide" label="Compare two runs">
      <div className="border-b border-line">
        <PanelHead
          icon="flask"
          title="Compare two runs"
          onClose={() => go('/', noRunParams)}
          actions={
            <span className="mr-1 flex min-w-0 items-center gap-1.5">
              <CopyButton text={() => window.location.href} label="Share" />
              <Button small onClick={() => setParams({ a: b, b: a }, { replace: true })}>
                Swap
              </Button>
            </span>
          }
        />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pb-3">
          <PickRun side="a" value={a} runs={runs} />
          <PickRun side="b" value={b} runs={runs} />
        </div>
      </div>
      {problems.length === 0 ? null : (
        <ProblemNote
          className="mx-4 my-2"
          problem={{ title: 'Not both runs can be read', detail: problems.join('. ') }}
        />
      )}
      {first.recorded && second.recorded ? (
        <Compared
          a={first.recorded}
          b={second.recorded}
          areHere={[!(a ?? '').startsWith('file:'), !(b ?? '').startsWith('file:')]}
        />
      ) : problems.length > 0 ? null : (
        <Empty icon="chart" title="Choose two runs">
          Of one scenario and seed they are compared figure by figure; what else differs is said. A journal of another
          machine can be either.
        </Empty>
      )}
    </Panel>
  )
}

function Compared({ a, b, areHere }: { a: RecordedRun; b: RecordedRun; areHere: readonly [boolean, boolean] }) {
  const comparison = useMemo(() => compareRuns(a, b), [a, b])
  const groups = useMemo(
    () => [...new Set([a, b].flatMap(({ run }) => Object.keys(run.sample?.groups ?? {})))].sort(),
    [a, b],
  )
  const asked = useParam('consumer')
  const group = groups.find((one) => one === asked) ?? groups[0]
  const [chosen, choose] = useState<number>()
  const why = (finding: number): void => {
    choose(finding)
    const row = document.getElementById(`finding-${finding}`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.focus({ preventScroll: true })
  }
  const report = (): void =>
    saveFile(
      `compare-${a.run.id}-${b.run.id}.json`,
      `${JSON.stringify({ a: a.run, b: b.run, ...comparison }, undefined, 2)}\n`,
    )
  return (
    <div className={cn(panelBody, 'min-[1280px]:overflow-hidden')}>
      <div className="grid grid-cols-2 border-b border-line max-[959px]:grid-cols-1">
        <RunCard side="a" of={a} isHere={areHere[0]} />
        <RunCard side="b" of={b} isHere={areHere[1]} />
      </div>
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_420px] *:min-h-0 *:overflow-auto *:not-first:border-l *:not-first:border-line max-[1279px]:flex-none max-[1279px]:grid-cols-1 max-[1279px]:*:not-first:border-t max-[1279px]:*:not-first:border-l-0">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and holds little that the keyboard could reach instead */}
        <div tabIndex={0} className="min-w-0">
          {comparison.remarks.length === 0 ? null : (
            <p className={cn(noteClass, 'mx-4 mt-3')}>
              <Icon name="alert" />
              <span>Not run alike: {comparison.remarks.join('; ')}.</span>
            </p>
          )}
          <div className="flex items-center gap-2 px-4 pt-3">
            {group === undefined || groups.length < 2 ? null : (
              <Seg
                label="Group"
                value={group}
                options={groups.slice(0, 4).map((one) => ({ value: one, label: one }))}
                onChange={(value) => setParams({ consumer: value }, { replace: true })}
              />
            )}
            <span className="flex-1" />
            <Button small variant="ghost" onClick={report}>
              <Icon name="download" size={12} />
              Save as JSON
            </Button>
          </div>
          {group === undefined ? null : <CompareCharts a={a} b={b} group={group} />}
          <FiguresTable comparison={comparison} onWhy={why} />
        </div>
        <FindingsList findings={comparison.findings} chosen={chosen} />
      </div>
    </div>
  )
}
