'use client'
import { useCallback, useEffect, useState } from 'react'
import { LedgerBar } from '#web/features/ledger/ledger-bar.tsx'
import { LedgerPanel } from '#web/features/ledger/ledger-panel.tsx'
import { Palette } from '#web/features/palette/palette.tsx'
import { PhoneView } from '#web/features/phone/phone-view.tsx'
import { TopologyCanvas } from '#web/features/topology/topology-canvas.tsx'
import { connectLive } from '#web/live/live-socket.ts'
import { useLive, watch } from '#web/live/live-store.ts'
import { usePlace } from '#web/live/url-state.ts'
import { ErrorBoundary } from '#web/ui/error-boundary.tsx'
import { Banner } from '../banner/banner.tsx'
import { Dock } from './dock.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { useShortcuts } from './shortcuts.ts'
import { isSheet, Side } from './side.tsx'
import { TopBar } from './top-bar.tsx'
import { usePhone } from './use-phone.ts'

/** The one screen of the lab: the graph, what is open beside it, and what happened below it. */
export function LabScreen() {
  useEffect(() => connectLive(), [])
  const place = usePlace()
  const message = place?.query.get('message') ?? null
  useEffect(() => watch({ message }), [message])
  const phone = usePhone()
  return phone ? (
    <ErrorBoundary name="The lab">
      <PhoneView />
    </ErrorBoundary>
  ) : (
    <Desk />
  )
}

function Desk() {
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const openPalette = useCallback(() => setPalette(true), [])
  const openHelp = useCallback(() => setHelp(true), [])
  useShortcuts({ palette: openPalette, help: openHelp })
  const place = usePlace()
  const lost = useLive((live) => live.connection === 'lost')
  const sheet = place !== undefined && isSheet(place)
  return (
    <div className={`app ${lost ? 'app--stale' : ''} ${sheet ? 'app--sheet' : ''}`}>
      <TopBar onPalette={openPalette} onHelp={openHelp} />
      <LedgerBar />
      <Banner />
      <main className="main">
        <h1 className="sr">Faultline</h1>
        <ErrorBoundary name="The ledger">
          <LedgerPanel />
        </ErrorBoundary>
        <ErrorBoundary name="The graph">
          <TopologyCanvas />
        </ErrorBoundary>
        <Dock besideSheet={sheet} />
      </main>
      {place === undefined ? null : <Side place={place} />}
      <Palette open={palette} onOpenChange={setPalette} onHelp={openHelp} />
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </div>
  )
}
