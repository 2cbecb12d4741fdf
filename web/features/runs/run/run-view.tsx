'use client'

import { narrate } from '#contracts/narration/narrate.ts'
import { Button } from '#web/ui/button.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { emptyClass, panelBody } from '#web/ui/recipes/panel-parts.ts'
import { ChecksTable } from './checks-table.tsx'
import { RunCharts } from './run-charts.tsx'
import { RunFacts } from './run-facts.tsx'
import { Reasons, RunNotes } from './run-notes.tsx'
import type { useRun } from './use-run.ts'
import { WhatHappened } from './what-happened.tsx'

/** A run, live or past: both are what its journal tells. */
export function RunView({ of: { read, error, again } }: { of: ReturnType<typeof useRun> }) {
  if (error) {
    return (
      <Empty icon="alert" title={error.title} action={<Button onClick={again}>Try again</Button>}>
        {error.detail}
      </Empty>
    )
  }
  if (!read) return <div className={emptyClass} aria-busy="true" />
  const { run, lines, scenario } = read
  return (
    <div className={panelBody} data-fades="" data-run={run.state}>
      <RunFacts run={run} lines={lines} />
      <Reasons run={run} />
      <RunCharts run={run} lines={lines} />
      <ChecksTable checks={run.checks} />
      {run.state === 'ended' ? <WhatHappened clauses={narrate(lines)} /> : null}
      <RunNotes run={run} scenario={scenario} />
    </div>
  )
}
