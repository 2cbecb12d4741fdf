'use client'
import { useState } from 'react'
import { TopologyStrip } from '#web/features/topology/strip/topology-strip.tsx'
import { TopologyCanvas } from '#web/features/topology/topology-canvas.tsx'
import { setParams, usePlace } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { DockTabBody } from './dock-tabs.tsx'
import { FaultsPanel } from './faults-panel.tsx'
import { narrowTabOf } from './narrow-tabs.tsx'

/** Below this height of the window the strip would leave too little for what is read; faults are read beside it. */
const lowWindow = 560

/**
 * The one column of a window of 600 to 959 px: the graph as a strip, and what happened below it. `?graph=full` shows the
 * graph over both.
 */
export function NarrowScreen() {
  const query = usePlace()?.query
  const tab = narrowTabOf(query?.get('dock') ?? undefined)
  const full = query?.get('graph') === 'full'
  const [chosen, setChosen] = useState<boolean>()
  const open = chosen ?? (tab === 'faults' || (typeof window !== 'undefined' && window.innerHeight >= lowWindow))
  return (
    <div className="grid min-h-0 min-w-0 grid-rows-[auto_minmax(0,1fr)] [grid-area:1/1/3/2]">
      {full ? (
        <div
          className="grid min-h-0 grid-rows-[36px_minmax(0,1fr)] [grid-area:1/1/3/2]"
          id={tabPanelId('narrow')}
          role="tabpanel"
          aria-label="Full graph"
        >
          <div className="flex items-center gap-2 border-b border-line bg-surface px-4">
            <b className="type-12 font-medium">Topology</b>
            <span className="flex-1" />
            <Button small onClick={() => setParams({ graph: undefined })}>
              <Icon name="x" size={12} />
              Close the graph
            </Button>
          </div>
          <div className="grid min-h-0 min-w-0">
            <TopologyCanvas />
          </div>
        </div>
      ) : (
        <>
          <TopologyStrip open={open} onToggle={() => setChosen(!open)} />
          <section
            id="dock"
            tabIndex={-1}
            className="flex min-h-0 min-w-0 flex-col bg-surface focus:outline-none"
            aria-label="Dock"
          >
            <div
              className="flex min-h-0 flex-1 flex-col overflow-hidden"
              data-fades=""
              id={tabPanelId('narrow')}
              role="tabpanel"
              aria-labelledby={tabId('narrow', tab)}
            >
              {tab === 'faults' ? <FaultsPanel /> : <DockTabBody tab={tab} />}
            </div>
          </section>
        </>
      )}
    </div>
  )
}
