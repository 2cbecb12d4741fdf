'use client'
import dynamic from 'next/dynamic'
import { useCallback, useEffect, useState } from 'react'
import { GuideBar } from '#web/features/guide/guide-bar.tsx'
import { GuideCard } from '#web/features/guide/guide-card.tsx'
import { LedgerBar } from '#web/features/ledger/ledger-bar.tsx'
import { LedgerPanel } from '#web/features/ledger/ledger-panel.tsx'
import { Palette } from '#web/features/palette/palette.tsx'
import { PhoneView } from '#web/features/phone/phone-view.tsx'
import { ReplayScrubber } from '#web/features/replay/scrubber.tsx'
import { timeIn } from '#web/features/replay/time-span.ts'
import { TopologyCanvas } from '#web/features/topology/topology-canvas.tsx'
import { connectLive } from '#web/live/live-socket.ts'
import { useLive, watchLive } from '#web/live/live-store.ts'
import { useIsReplayed } from '#web/live/replay.ts'
import { usePlace } from '#web/live/url-state.ts'
import { ErrorBoundary } from '#web/ui/error-boundary.tsx'
import { Banner } from '../banner/banner.tsx'
import { Dock } from './dock.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { NarrowScreen } from './narrow-screen.tsx'
import { NarrowTabs } from './narrow-tabs.tsx'
import { useShortcuts } from './shortcuts.ts'
import { isSheet, isWide, SidePanel } from './side.tsx'
import { TopBar } from './top-bar.tsx'
import { useRoom } from './use-room.ts'

// It brings forms along that the graph does not wait for.
const QueuesView = dynamic(() => import('#web/features/queues/queues-view.tsx').then((part) => part.QueuesScreen), {
  ssr: false,
})

/** The one screen of the lab: the graph, what is open beside it, and what happened below it. */
export function LabScreen() {
  useEffect(() => connectLive(), [])
  const place = usePlace()
  const message = place?.query.get('message') ?? null
  useEffect(() => watchLive({ message }), [message])
  const room = useRoom()
  return room === 'phone' ? (
    <ErrorBoundary name="The lab">
      {timeIn(place?.query.get('at') ?? undefined) !== undefined ? <NoReplay /> : null}
      <PhoneView />
    </ErrorBoundary>
  ) : (
    <Desk isNarrow={room === 'narrow'} />
  )
}

function Desk({ isNarrow }: { isNarrow: boolean }) {
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const openPalette = useCallback(() => setPalette(true), [])
  const openHelp = useCallback(() => setHelp(true), [])
  useShortcuts({ palette: openPalette, help: openHelp })
  const place = usePlace()
  const lost = useLive((live) => live.connection === 'lost')
  const sheet = place !== undefined && isSheet(place)
  const replayed = useIsReplayed()
  const wide = place !== undefined && isWide(place)
  return (
    <div
      className="group/app grid h-dvh [grid-template:'top_top'_var(--h-top)_'ledger_ledger'_var(--h-ledger)_'banner_banner'_auto_'main_side'_minmax(0,1fr)_'foot_foot'_auto_/_minmax(0,1fr)_auto] max-[959px]:[--h-ledger:36px] data-at:[--replay-shown:140px]"
      data-stale={lost ? '' : undefined}
      data-sheet={sheet ? '' : undefined}
      data-at={place?.query.has('at') ? '' : undefined}
    >
      <TopBar onPalette={openPalette} onHelp={openHelp} />
      <LedgerBar />
      <div className="min-w-0 [grid-area:banner]">
        <Banner />
        {isNarrow || wide || replayed ? null : <GuideBar />}
      </div>
      <main className="grid min-h-0 min-w-0 grid-rows-[minmax(0,1fr)_auto] [grid-area:main]" inert={wide}>
        <h1 className="sr-only">Faultline</h1>
        <ErrorBoundary name="The ledger">
          <LedgerPanel />
        </ErrorBoundary>
        {place?.path === '/queues' ? (
          <ErrorBoundary name="The queues">
            <QueuesView />
          </ErrorBoundary>
        ) : isNarrow ? (
          <NarrowScreen />
        ) : (
          <>
            <ErrorBoundary name="The graph">
              <TopologyCanvas />
            </ErrorBoundary>
            <ErrorBoundary name="The guide">{replayed ? null : <GuideCard />}</ErrorBoundary>
            <div className="min-w-0 [grid-area:2/1]">
              <ReplayScrubber />
              <Dock startsClosed={sheet || replayed} />
            </div>
          </>
        )}
      </main>
      {isNarrow ? (
        <div className="min-w-0 [grid-area:foot]">
          <ReplayScrubber />
          <NarrowTabs />
        </div>
      ) : null}
      {place === undefined ? null : <SidePanel place={place} isNarrow={isNarrow} />}
      <Palette open={palette} onOpenChange={setPalette} onHelp={openHelp} />
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </div>
  )
}

/** A phone has no room for the track: it says so where a link leads to a moment. */
function NoReplay() {
  return (
    <p
      className="flex min-h-8 items-center gap-2 border-b border-line bg-retrying-bg px-4 py-1.5 text-retrying-fg"
      role="status"
    >
      <span>
        This link shows a moment of the past, which needs a window of at least 600 px. Below is the lab as it is now.
      </span>
    </p>
  )
}
