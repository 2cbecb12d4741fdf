'use client'

import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { WhileLive } from '#web/live/while-live.tsx'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { floatClass } from '#web/ui/recipes/popover.ts'
import { AnomalyList } from './anomaly-list.tsx'
import { AuditButton } from './audit-button.tsx'
import { ledgerPanelId, ledgerToggleId } from './ledger-bar.tsx'
import { behindVerdict, verdictView } from './ledger-words.ts'
import { OwedTable } from './owed-table.tsx'
import { PublishEquation } from './publish-equation.tsx'
import { SourceList } from './source-list.tsx'
import { WitnessSection } from './witness-section.tsx'

const close = (): void => {
  setParams({ ledger: undefined })
  document.getElementById(ledgerToggleId)?.focus()
}

/** The ledger by group and topic, over the graph: `?ledger=open`. */
export function LedgerPanel() {
  const open = useParam('ledger') === 'open'
  const ledger = useLive((live) => live.ledger)
  if (!open || !ledger) return null
  return (
    <div
      className={cn(
        floatClass,
        'relative z-5 mx-3 my-2 max-h-[calc(100%-16px)] w-[min(1056px,calc(100%-24px))] animate-drop self-start overflow-auto [grid-area:1/1] focus:outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent',
      )}
      id={ledgerPanelId}
      role="dialog"
      aria-label="Ledger by group"
      tabIndex={-1}
    >
      <IconButton label="Close the ledger" className="absolute top-2 right-2.5" onClick={close}>
        <Icon name="x" />
      </IconButton>
      <Reasons />
      <section className="border-t border-line px-4 py-3 first:border-t-0 [&:nth-of-type(1)]:pr-11">
        <div className={sectionHead}>
          <h2 className="type-12 font-semibold whitespace-nowrap">Published</h2>
          <span className="type-11 text-fg-3">what the producer tried to send</span>
          <span className="flex-1" />
          <WhileLive>
            <AuditButton />
          </WhileLive>
        </div>
        <PublishEquation publishes={ledger.publishes} />
      </section>
      <WitnessSection />
      <OwedTable groups={ledger.groups} invariants={ledger.invariants} />
      <section className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,400px),1fr))] border-t border-line *:not-first:border-l *:not-first:border-line first:border-t-0 [&:nth-of-type(1)]:pr-11">
        <AnomalyList list={ledger.anomalies} />
        <SourceList watermark={ledger.watermark} pending={ledger.pending} toldTwice={ledger.toldTwice} />
      </section>
    </div>
  )
}

/** All reasons and notes of the verdict, if there are any. */
function Reasons() {
  const verdict = useLive((live) => live.ledger?.verdict)
  const lines = verdict ? behindVerdict(verdict) : []
  if (!verdict || lines.length === 0) return null
  const { word, icon } = verdictView[verdict.result]
  return (
    <section
      className={cn(
        'flex items-baseline gap-4 border-t border-line px-4 py-3 first:border-t-0 [&:nth-of-type(1)]:pr-11',
      )}
    >
      <h2
        className={cn(
          'inline-flex items-center gap-1.5 type-12 font-semibold whitespace-nowrap',
          verdict.result === 'fail' && 'text-lost-fg',
        )}
      >
        <Icon name={icon} />
        {word}
      </h2>
      <ul className="grid gap-0.5 text-fg-2">
        {lines.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  )
}
