'use client'

import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { RunHistory } from '../runs/list/run-history.tsx'
import { RunView } from '../runs/run/run-view.tsx'
import { useRun } from '../runs/run/use-run.ts'
import { VerdictPill } from '../runs/verdict-pill.tsx'

/** Runs of scenarios, for reading: the list, or one of them. They are started, stopped and compared on a wider screen. */
export const PhoneRuns = ({ path }: { path: string }) => {
  const run = path.split('/')[2]
  return run === undefined || run === 'compare' ? (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <RunHistory readOnly />
    </div>
  ) : (
    <OneRun key={run} id={decodeURIComponent(run)} />
  )
}

function OneRun({ id }: { id: string }) {
  const of = useRun(id)
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="min-w-0 flex-1 truncate type-14 font-semibold">{of.read?.run.name ?? 'Run'}</h2>
        {of.read ? <VerdictPill verdict={of.read.run.verdict} /> : null}
        <RouteLink className={buttonClass('ghost', true)} path="/scenarios">
          <Icon name="list" size={12} />
          All
        </RouteLink>
      </div>
      <RunView of={of} />
    </div>
  )
}
