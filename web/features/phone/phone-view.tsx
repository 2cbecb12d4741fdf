'use client'

import { brokerOf } from '#contracts/brokers/broker-name.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { usePlace } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Chip, Status } from '#web/ui/status.tsx'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { Banner } from '../banner/banner.tsx'
import { MessageDrawer } from '../message/message-drawer.tsx'
import { ThemeMenu } from '../theme/theme-menu.tsx'
import { PhoneLab } from './phone-lab.tsx'
import { PhoneMessages } from './phone-messages.tsx'
import './phone.css'

/** The reading view of a narrow screen: the lab, and its messages. What changes something is left to a wide one. */
export function PhoneView() {
  const query = usePlace()?.query
  const messages = query?.get('view') === 'messages'
  const message = query?.get('message')
  return (
    <div className="phone">
      <header className="ph-top">
        <span className="brand">
          <BrandMark />
        </span>
        <h1 className="phone__title">Faultline</h1>
        <span className="spacer" />
        <BrokerChip />
        <ThemeMenu />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and holds nothing that the keyboard could reach instead */}
      <main className="ph-main phone__main" tabIndex={0}>
        <Banner />
        {message ? (
          <div className="phone__message">
            <MessageDrawer key={message} id={message} />
          </div>
        ) : messages ? (
          <PhoneMessages />
        ) : (
          <PhoneLab />
        )}
      </main>
      <nav className="ph-nav phone__nav" aria-label="Views">
        <RouteLink
          path="/"
          patch={{ view: undefined, message: undefined }}
          aria-current={messages ? undefined : 'page'}
        >
          <Icon name="graph" size={16} />
          Lab
        </RouteLink>
        <RouteLink
          path="/"
          patch={{ view: 'messages', message: undefined }}
          aria-current={messages ? 'page' : undefined}
        >
          <Icon name="list" size={16} />
          Messages
        </RouteLink>
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
        <span className="t2">{brokerOf(broker).label}</span>
      </Status>
    </Chip>
  )
}
