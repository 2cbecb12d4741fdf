'use client'
import dynamic from 'next/dynamic'
import { FlowDrawer } from '#web/features/flow/flow-drawer.tsx'
import { MessageDrawer } from '#web/features/message/message-drawer.tsx'
import { EdgeDrawer } from '#web/features/node-drawer/edge-drawer.tsx'
import { NodeDrawer } from '#web/features/node-drawer/node-drawer.tsx'
import { useLive } from '#web/live/live-store.ts'
import { heldReason, useIsReplayed } from '#web/live/replay.ts'
import { go, type ScreenPlace } from '#web/live/url-state.ts'
import { ErrorBoundary } from '#web/ui/error-boundary.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { forgetPublish } from '../publish/publish-store.ts'
import { LabPanel } from './lab-panel.tsx'

// The sheets bring an editor and a validator along; the graph does not wait for them.
const PublishSheet = dynamic(
  () => import('#web/features/publish/publish-sheet.tsx').then((part) => part.PublishSheet),
  {
    ssr: false,
  },
)
const EventTypesSheet = dynamic(
  () => import('#web/features/event-types/event-types-sheet.tsx').then((part) => part.EventTypesSheet),
  { ssr: false },
)
const LabSheet = dynamic(() => import('#web/features/architecture/lab-sheet.tsx').then((part) => part.LabSheet), {
  ssr: false,
})
const ScenariosSheet = dynamic(
  () => import('#web/features/runs/scenarios-sheet.tsx').then((part) => part.ScenariosSheet),
  { ssr: false },
)
const CompareScreen = dynamic(
  () => import('#web/features/compare/compare-screen.tsx').then((part) => part.CompareScreen),
  { ssr: false },
)
const LetterDrawer = dynamic(
  () => import('#web/features/dead-letters/letter/letter-drawer.tsx').then((part) => part.LetterDrawer),
  { ssr: false },
)
const RedriveDrawer = dynamic(
  () => import('#web/features/dead-letters/redrive/redrive-drawer.tsx').then((part) => part.RedriveDrawer),
  { ssr: false },
)

const ReplayedRun = dynamic(
  () => import('#web/features/runs/replayed/replayed-run.tsx').then((part) => part.ReplayedRun),
  { ssr: false },
)

/** Whether the place is a sheet beside the graph. */
export const isSheet = (place: ScreenPlace): boolean =>
  place.path.startsWith('/publish') ||
  place.path.startsWith('/event-types') ||
  place.path.startsWith('/scenarios') ||
  place.path === '/lab'

/** Whether the place is a sheet that changes the lab; runs can be read beside any moment. */
const isOfNow = (place: ScreenPlace): boolean => isSheet(place) && !place.path.startsWith('/scenarios')

/** Whether the place takes the graph's place. */
export const isWide = ({ path }: ScreenPlace): boolean => path === '/scenarios/compare'

/** Which panel is open: another one begins without the failure of the last. */
const opened = (query: URLSearchParams): string =>
  ['message', 'flow', 'node', 'edge', 'letter', 'run'].map((name) => query.get(name) ?? '').join(' ') +
  String(query.has('redrive'))

/** Each place has a boundary of its own, so that what fails in one is gone in the next. */
export function SidePanel({ place, isNarrow }: { place: ScreenPlace; isNarrow: boolean }) {
  const { path, query } = place
  const sheet = isSheet(place) ? path.split('/')[1] : undefined
  const forget = sheet === 'publish' ? () => forgetPublish(window.sessionStorage) : undefined
  const name =
    sheet === 'publish'
      ? 'Publish'
      : sheet === 'event-types'
        ? 'Event types'
        : sheet === 'lab'
          ? 'The lab file'
          : sheet === 'scenarios'
            ? 'Scenarios'
            : 'This panel'
  return (
    <ErrorBoundary key={sheet ?? opened(query)} name={name} {...(forget ? { forget } : {})}>
      <Contents place={place} isNarrow={isNarrow} />
    </ErrorBoundary>
  )
}

/** What is open at the right: a sheet, else the selected message, node or link, else the flow that is followed, else the run that is replayed, else the lab before its first event, if there is room beside the graph. */
function Contents({ place, isNarrow }: { place: ScreenPlace; isNarrow: boolean }) {
  const fresh = useLive((live) => live.lab !== undefined && Object.values(live.nodes).every((one) => one.total === 0))
  const replayed = useIsReplayed()
  const { path, query } = place
  if (replayed && (isOfNow(place) || query.has('letter') || query.has('redrive'))) return <NothingOfThen />
  if (path.startsWith('/publish')) return <PublishSheet />
  if (path.startsWith('/event-types')) return <EventTypesSheet />
  if (path === '/lab') return <LabSheet />
  // A wide view takes the room of the graph and of what opens beside it.
  if (path === '/queues') return null
  if (isWide(place)) return <CompareScreen />
  if (path.startsWith('/scenarios')) return <ScenariosSheet />
  const message = query.get('message')
  if (message) return <MessageDrawer key={message} id={message} />
  const node = query.get('node')
  if (node) return <NodeDrawer key={node} id={node} />
  const edge = query.get('edge')
  if (edge) return <EdgeDrawer key={edge} id={edge} />
  const letter = query.get('letter')
  if (letter) return <LetterDrawer key={letter} id={letter} />
  const redrive = query.get('redrive')
  if (redrive) return <RedriveDrawer param={redrive} />
  const flow = query.get('flow')
  if (flow) return <FlowDrawer key={flow} id={flow} />
  const run = query.get('run')
  const panel = query.get('panel')
  if (run && query.has('at') && panel !== 'none') return <ReplayedRun key={run} id={run} />
  return panel === 'lab' || (fresh && !isNarrow && panel !== 'none') ? <LabPanel /> : null
}

/** A link led to a sheet that only the lab of now has. */
function NothingOfThen() {
  return (
    <Panel kind="node" label="Replay">
      <PanelHead icon="clock" title="Replay" onClose={() => go('/', { letter: undefined, redrive: undefined })} />
      <Empty icon="clock" title="This is only of now">
        {heldReason}
      </Empty>
    </Panel>
  )
}
