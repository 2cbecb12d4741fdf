'use client'
import { BrokerControl } from '#web/features/broker/broker-control.tsx'
import { HealAll } from '#web/features/faults/heal-all.tsx'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { usePlace } from '#web/live/url-state.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { ThemeMenu } from '../theme/theme-menu.tsx'

/** Identity, views, the broker and its health, and the actions. */
export function TopBar({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const path = usePlace()?.path ?? '/'
  const onEventTypes = path.startsWith('/event-types')
  return (
    <header className="top">
      <a className="skip" href="#dock">
        Skip the graph
      </a>
      <RouteLink path="/" patch={{ node: undefined, edge: undefined, message: undefined }} className="brand">
        <BrandMark />
        Faultline
      </RouteLink>
      <nav className="nav" aria-label="Views">
        <RouteLink path="/" aria-current={onEventTypes ? undefined : 'page'}>
          Topology
        </RouteLink>
        <RouteLink path="/event-types" aria-current={onEventTypes ? 'page' : undefined}>
          Event types
        </RouteLink>
      </nav>
      <span className="spacer" />
      <BrokerControl />
      <span className="rule" />
      <div className="row">
        <BurstLink />
        <HealAll />
        <RouteLink path="/publish" className={buttonClass('primary')}>
          <Icon name="send" />
          Publish <kbd>P</kbd>
        </RouteLink>
      </div>
      <span className="rule" />
      <div className="row top__tools">
        <button type="button" className="btn btn--ghost" title="Command palette" onClick={onPalette}>
          <Icon name="search" />
          <span className="sr">Command palette</span>
          <kbd>⌘K</kbd>
        </button>
        <ThemeMenu />
        <button type="button" className="btn btn--ghost btn--icon" aria-label="Help" title="Help" onClick={onHelp}>
          <Icon name="help" />
        </button>
      </div>
    </header>
  )
}

function BurstLink() {
  const share = useLive((live) => {
    const running = live.bursts.find((burst) => burst.state === 'running')
    return running === undefined ? undefined : Math.floor((100 * running.attempted) / Math.max(1, running.requested))
  })
  return (
    <RouteLink path="/publish/burst" className={buttonClass()}>
      <Icon name="burst" />
      Burst {share === undefined ? null : <b>{Math.min(100, share)} %</b>}
    </RouteLink>
  )
}
