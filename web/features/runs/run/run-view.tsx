'use client'

import { useMemo } from 'react'
import { narrate } from '#contracts/narration/narrate.ts'
import { ClauseList } from '#web/features/narration/clause-list.tsx'
import { Button } from '#web/ui/button.tsx'
import { Section, Unread } from '#web/ui/panel.tsx'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { ChecksTable } from './checks-table.tsx'
import { RunCharts } from './run-charts.tsx'
import { RunFacts } from './run-facts.tsx'
import { Reasons, RunNotes } from './run-notes.tsx'
import type { ReadRun, useRun } from './use-run.ts'

/** A run, live or past: both are what its journal records. */
export function RunView({ of: { read, error, again } }: { of: ReturnType<typeof useRun> }) {
  if (error || !read) return <Unread problem={error} action={<Button onClick={again}>Try again</Button>} />
  const { run, lines, scenario } = read
  return (
    <div className={panelBody} data-fades="" data-run={run.state}>
      <RunFacts run={run} lines={lines} />
      <Reasons run={run} />
      <RunCharts run={run} lines={lines} />
      <ChecksTable checks={run.checks} />
      {run.state === 'ended' ? <Narration lines={lines} /> : null}
      <RunNotes run={run} scenario={scenario} />
    </div>
  )
}

/** What happened, once it is over: while a run goes on its sentences would move with every look. */
function Narration({ lines }: Pick<ReadRun, 'lines'>) {
  const clauses = useMemo(() => narrate(lines), [lines])
  return (
    <Section title="What happened">
      <ClauseList clauses={clauses} />
    </Section>
  )
}
