'use client'

import { brokerOf } from '#contracts/brokers/broker-name.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { usePlace } from '#web/live/url-state.ts'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { Chip, Status } from '#web/ui/status.tsx'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { Banner } from '../banner/banner.tsx'
import { ChartsTab } from '../charts/charts-tab.tsx'
import { FlowDrawer } from '../flow/flow-drawer.tsx'
import { MessageDrawer } from '../message/message-drawer.tsx'
import { QueuesScreen } from '../queues/queues-view.tsx'
import { ThemeMenu } from '../theme/theme-menu.tsx'
import { PhoneFlows } from './phone-flows.tsx'
import { PhoneLab } from './phone-lab.tsx'
import { PhoneLetters } from './phone-letters.tsx'
import { PhoneMessages } from './phone-messages.tsx'
import { PhoneRuns } from './phone-runs.tsx'

const viewLink =
  'grid place-items-center content-center gap-0.5 type-11 text-fg-3 aria-[current=page]:font-medium aria-[current=page]:text-fg'

const views: { view: 'messages' | 'dead-letters' | 'charts' | undefined; icon: IconName; label: string }[] = [
  { view: undefined, icon: 'graph', label: 'Lab' },
  { view: 'messages', icon: 'list', label: 'Messages' },
  { view: 'dead-letters', icon: 'dlq', label: 'Dead letters' },
  { view: 'charts', icon: 'chart', label: 'Charts' },
]

function Shown({ view }: { view: (typeof views)[number]['view'] | 'flows' }) {
  switch (view) {
    case 'flows':
      return <PhoneFlows />
    case 'messages':
      return <PhoneMessages />
    case 'dead-letters':
      return <PhoneLetters />
    case 'charts':
      return <ChartsTab />
    case undefined:
      return <PhoneLab />
  }
}

/** The reading view of a phone: the lab with its faults, messages, dead letters and charts. What changes something is left to a wide one. */
export function PhoneView() {
  const place = usePlace()
  const query = place?.query
  const path = place?.path ?? '/'
  const onRuns = path.startsWith('/scenarios')
  const asked = query?.get('view')
  // Flows are a part of the lab that is too long for its page.
  const view = asked === 'flows' ? asked : views.find((one) => one.view === asked)?.view
  const message = query?.get('message')
  const flow = query?.get('flow')
  return (
    <div className="grid h-dvh grid-rows-[48px_1fr_56px] bg-canvas" data-phone="">
      <header className="flex items-center gap-2 border-b border-line bg-surface pr-2 pl-4 type-14">
        <span className="flex items-center gap-2 type-13 font-semibold tracking-[-0.01em] text-fg hover:text-fg hover:no-underline">
          <BrandMark />
        </span>
        <h1 className="type-14 font-semibold">Faultline</h1>
        <span className="flex-1" />
        <BrokerChip />
        <ThemeMenu />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and holds nothing that the keyboard could reach instead */}
      <main className="flex flex-col overflow-hidden overflow-y-auto *:flex-none" tabIndex={0}>
        <Banner />
        {place?.path === '/queues' ? (
          <QueuesScreen isReading />
        ) : message || flow ? (
          <div className="flex min-h-0 flex-1 [&_[role=tablist]]:overflow-x-auto [&>aside]:w-full [&>aside]:min-w-0 [&>aside]:flex-1 [&>aside]:border-l-0">
            {message ? <MessageDrawer key={message} id={message} /> : flow ? <FlowDrawer key={flow} id={flow} /> : null}
          </div>
        ) : onRuns ? (
          <PhoneRuns path={path} />
        ) : (
          <Shown view={view} />
        )}
      </main>
      <nav className="grid grid-cols-[repeat(4,1fr)] border-t border-line bg-surface" aria-label="Views">
        {views.map(({ view: value, icon, label }) => (
          <RouteLink
            key={label}
            className={viewLink}
            path="/"
            patch={{ view: value, message: undefined, flow: undefined, tab: undefined }}
            aria-current={
              !onRuns && path !== '/queues' && value === (view === 'flows' ? undefined : view) ? 'page' : undefined
            }
          >
            <Icon name={icon} size={16} />
            {label}
          </RouteLink>
        ))}
      </nav>
    </div>
  )
}

function BrokerChip() {
  const broker = useLive((live) => live.lab?.broker)
  const live = useLive((state) => state.connection === 'live')
  if (broker === undefined) return null
  return (
    <Chip>
      <Status
        tone={live ? 'delivered' : 'idle'}
        glyph={live ? 'up' : 'unreachable'}
        label={live ? 'connected' : 'not connected'}
      >
        <span className="text-fg-2">{brokerOf(broker).label}</span>
      </Status>
    </Chip>
  )
}
