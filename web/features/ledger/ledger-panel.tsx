'use client'

import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { AnomalyList } from './anomaly-list.tsx'
import { AuditButton } from './audit-button.tsx'
import { ledgerPanelId } from './ledger-bar.tsx'
import { verdictView } from './ledger-words.ts'
import { OwedTable } from './owed-table.tsx'
import { PublishEquation } from './publish-equation.tsx'
import { SourceList } from './source-list.tsx'
import { WitnessSection } from './witness-section.tsx'

const close = (): void => {
  setParams({ ledger: undefined })
  document.querySelector<HTMLElement>('.ledger__scope')?.focus()
}

/** The ledger by group and topic, over the graph: `?ledger=open`. */
export function LedgerPanel() {
  const open = useParam('ledger') === 'open'
  const ledger = useLive((live) => live.ledger)
  if (!open || !ledger) return null
  return (
    <div className="popover lx" id={ledgerPanelId} role="dialog" aria-label="Ledger by group" tabIndex={-1}>
      <IconButton label="Close the ledger" className="lx__close" onClick={close}>
        <Icon name="x" />
      </IconButton>
      <Reasons />
      <section>
        <div className="sect__head">
          <h2>Published</h2>
          <span className="t3">what the producer tried to send</span>
          <span className="spacer" />
          <AuditButton />
        </div>
        <PublishEquation publishes={ledger.publishes} />
      </section>
      <OwedTable groups={ledger.groups} invariants={ledger.invariants} />
      <section className="lx__foot">
        <AnomalyList list={ledger.anomalies} />
        <SourceList watermark={ledger.watermark} pending={ledger.pending} toldTwice={ledger.toldTwice} />
      </section>
      <WitnessSection />
    </div>
  )
}

/** All reasons of the verdict, where there are any. */
function Reasons() {
  const verdict = useLive((live) => live.ledger?.verdict)
  if (!verdict || verdict.reasons.length === 0) return null
  const { word, icon } = verdictView[verdict.result]
  return (
    <section className={`lx__verdict ${verdict.result === 'fail' ? 's-lost' : ''}`}>
      <h2>
        <Icon name={icon} />
        {word}
      </h2>
      <ul>
        {verdict.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  )
}
