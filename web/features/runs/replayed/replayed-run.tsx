'use client'

import { useMemo } from 'react'
import type { Clause } from '#contracts/api/narration.ts'
import { narrationLines } from '#contracts/narration/clause-in-words.ts'
import { narrate } from '#contracts/narration/narrate.ts'
import { ClauseList } from '#web/features/narration/clause-list.tsx'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Panel, PanelHead, Unread } from '#web/ui/panel.tsx'
import { countClass } from '#web/ui/recipes/count.ts'
import { panelBody, panelFoot, panelSub } from '#web/ui/recipes/panel-parts.ts'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { clauseAt, narratedClauses } from '../../replay/clauses.ts'
import { goToClause, useReplay } from '../../replay/replay-store.ts'
import { clock, count } from '../../words/figures.ts'
import { ChecksTable } from '../run/checks-table.tsx'
import { RunCharts } from '../run/run-charts.tsx'
import { type ReadRun, useRun } from '../run/use-run.ts'
import { brokerLabel } from '../run-words.ts'
import { VerdictPill } from '../verdict-pill.tsx'

const group = 'replayed-run'
const tabNames = ['happened', 'checks', 'charts'] as const
/** The track keeps to the time of the run, and offers to open this again. */
const close = (): void => setParams({ panel: 'none', tab: undefined })

/** The run whose time is replayed, beside the graph: its sentences follow the playhead. */
export function ReplayedRun({ id }: { id: string }) {
  const { read, error } = useRun(id)
  return (
    <Panel kind="message" label={read ? `Run ${read.run.name}` : 'Run'}>
      {read ? (
        <Contents read={read} />
      ) : (
        <>
          <PanelHead icon="flask" title="Run" onClose={close} />
          <Unread problem={error} action={<Button onClick={close}>Close</Button>} />
        </>
      )}
    </Panel>
  )
}

function Contents({ read: { run, lines } }: { read: ReadRun }) {
  const asked = useParam('tab')
  const tab = tabNames.find((name) => name === asked) ?? 'happened'
  const clauses = useMemo(() => narrate(lines), [lines])
  return (
    <>
      <PanelHead icon="flask" title={run.name} onClose={close}>
        <VerdictPill verdict={run.verdict} />
      </PanelHead>
      <div className={panelSub}>
        <span>{brokerLabel(run.broker)}</span>
        <span>seed {run.seed}</span>
        <span>started {clock(run.startedAt).slice(0, 8)}</span>
        <span>{count(run.sample?.acked ?? 0)} published</span>
      </div>
      <Tabs
        group={group}
        label="About the run"
        value={tab}
        onChange={(next) => setParams({ tab: next === 'happened' ? undefined : next }, { replace: true })}
        tabs={[
          { value: 'happened', label: counted('What happened', clauses.length) },
          { value: 'checks', label: counted('Checks', run.checks.length) },
          { value: 'charts', label: 'Charts' },
        ]}
      />
      <div
        className={panelBody}
        data-fades=""
        role="tabpanel"
        id={tabPanelId(group)}
        aria-labelledby={tabId(group, tab)}
      >
        {tab === 'happened' ? <Happened clauses={clauses} startedAt={run.startedAt} /> : null}
        {tab === 'checks' ? <ChecksTable checks={run.checks} /> : null}
        {tab === 'charts' ? <RunCharts run={run} lines={lines} /> : null}
      </div>
      <footer className={panelFoot}>
        <CopyButton text={() => narrationLines(clauses).join('\n')} label="Copy as text" />
        <RouteLink
          path={`/scenarios/${run.id}`}
          patch={{ at: undefined, run: undefined, tab: undefined }}
          className={buttonClass('plain', true)}
        >
          <Icon name="flask" size={12} />
          Open the run
        </RouteLink>
        <span className="ml-auto text-fg-3">← and → move by sentence</span>
      </footer>
    </>
  )
}

const counted = (label: string, number: number) => (
  <>
    {label} <span className={countClass()}>{count(number)}</span>
  </>
)

function Happened({ clauses, startedAt }: { clauses: readonly Clause[]; startedAt: string }) {
  const moments = useMemo(() => narratedClauses({ narration: [...clauses], startedAt }) ?? [], [clauses, startedAt])
  const current = useReplay(({ t, chosen }) => (t === undefined ? -1 : clauseAt(moments, t, chosen)))
  const seek = (clause: Clause): void => goToClause(moments, clauses.indexOf(clause))
  return <ClauseList clauses={clauses} current={current} onSeek={seek} />
}
