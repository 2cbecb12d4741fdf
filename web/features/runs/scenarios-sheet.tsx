'use client'

import { RouteLink } from '#web/live/route-link.tsx'
import { go, usePlace } from '#web/live/url-state.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { RunHistory } from './list/run-history.tsx'
import { ownFile, ScenarioRail } from './list/scenario-rail.tsx'
import { CompareLink, RunActions } from './run/run-actions.tsx'
import { RunView } from './run/run-view.tsx'
import { useRun } from './run/use-run.ts'
import { noRunParams } from './run-params.ts'
import { useScenarios } from './runs-queries.ts'
import { ScenarioView } from './start/scenario-view.tsx'
import { VerdictPill } from './verdict-pill.tsx'

const close = (): void => go('/', noRunParams)
const columns =
  'grid min-h-0 flex-1 grid-cols-[216px_minmax(0,1fr)] *:not-first:border-l *:not-first:border-line max-[959px]:grid-cols-[minmax(0,1fr)]'
const pane = 'flex min-h-0 min-w-0 flex-col'

/** Scenarios beside the graph: `/scenarios`, one of them at `?scenario=`, a run at `/scenarios/<id>`. */
export function ScenariosSheet() {
  const place = usePlace()
  const run = place?.path.split('/')[2]
  const scenario = place?.query.get('scenario') ?? undefined
  return (
    <Panel kind="sheet" label="Scenarios">
      {run === undefined ? <Scenarios scenario={scenario} /> : <RunPane key={run} id={decodeURIComponent(run)} />}
    </Panel>
  )
}

function Scenarios({ scenario }: { scenario: string | undefined }) {
  const { data } = useScenarios()
  const item = data?.find(({ name }) => name === scenario)
  return (
    <>
      <div className="border-b border-line">
        <PanelHead icon="flask" title="Scenarios" onClose={close}>
          <Back when={scenario !== undefined} />
          <span className="truncate text-fg-3 max-[959px]:hidden">experiments as files, run and judged</span>
        </PanelHead>
      </div>
      <div className={columns}>
        <div className={scenario === undefined ? pane : `${pane} max-[959px]:hidden`}>
          <ScenarioRail scenario={scenario} run={undefined} />
        </div>
        <div className={pane}>
          {scenario === undefined ? (
            <RunHistory />
          ) : item || scenario === ownFile ? (
            <ScenarioView key={scenario} name={scenario} item={item} />
          ) : data ? (
            <Empty icon="file" title={`There is no scenario ${scenario}`}>
              It may have been renamed; the list has those that are shipped.
            </Empty>
          ) : (
            <div className="flex-1" aria-busy="true" />
          )}
        </div>
      </div>
    </>
  )
}

function RunPane({ id }: { id: string }) {
  const of = useRun(id)
  const { read } = of
  return (
    <>
      <div className="border-b border-line">
        <PanelHead
          icon="flask"
          title={read?.run.name ?? 'Run'}
          onClose={close}
          actions={
            read ? (
              <span className="mr-1 flex min-w-0 items-center gap-1.5">
                {read.run.state === 'ended' ? <CompareLink id={id} /> : null}
                <RunActions read={read} />
              </span>
            ) : undefined
          }
        >
          <Back when />
          <span className="min-w-0 truncate text-fg-3 max-[1439px]:hidden">{id}</span>
          {read ? <VerdictPill verdict={read.run.verdict} /> : null}
        </PanelHead>
      </div>
      <div className={columns}>
        <div className={`${pane} max-[959px]:hidden`}>
          <ScenarioRail scenario={read?.run.name} run={id} />
        </div>
        <div className={pane}>
          <RunView of={of} />
        </div>
      </div>
    </>
  )
}

/** In one column the lists are a page of their own, and this leads back to them. */
const Back = ({ when }: { when: boolean }) =>
  when ? (
    <RouteLink
      className={`${buttonClass('ghost', true)} min-[960px]:hidden`}
      path="/scenarios"
      patch={{ scenario: undefined }}
    >
      <Icon name="list" size={12} />
      All
    </RouteLink>
  ) : null
