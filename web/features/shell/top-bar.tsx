'use client'
import type { ReactNode } from 'react'
import { BrokerControl } from '#web/features/broker/broker-control.tsx'
import { HealAll } from '#web/features/faults/heal-all.tsx'
import { useLabName } from '#web/features/lab/lab-query.ts'
import { RecordButton } from '#web/features/record/record-button.tsx'
import { noRunParams } from '#web/features/runs/run-params.ts'
import { useLive } from '#web/live/live-store.ts'
import { useIsReplayed } from '#web/live/replay.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { usePlace } from '#web/live/url-state.ts'
import { WhileLive } from '#web/live/while-live.tsx'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { ThemeMenu } from '../theme/theme-menu.tsx'
import { MoreMenu } from './more-menu.tsx'

const viewLink =
  'inline-flex h-7 items-center rounded-sm px-2 py-0 type-13 whitespace-nowrap text-fg-2 hover:bg-hover hover:no-underline aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-fg'

/** Identity, views, the broker and its health, and the actions. */
export function TopBar({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const path = usePlace()?.path ?? '/'
  const view = path.startsWith('/event-types')
    ? 'types'
    : path.startsWith('/scenarios')
      ? 'scenarios'
      : path === '/queues'
        ? 'queues'
        : 'topology'
  return (
    <header className="flex min-w-0 items-center gap-3 border-b max-[1099px]:gap-2 border-line bg-surface pr-3 pl-4 [grid-area:top]">
      <a
        className="absolute -top-10 left-2 z-10 rounded-md border border-border bg-raised px-2.5 py-1.5 focus:top-2"
        href="#dock"
      >
        Skip the graph
      </a>
      <RouteLink
        path="/"
        patch={{ node: undefined, edge: undefined, message: undefined }}
        className="flex items-center gap-2 type-13 font-semibold tracking-[-0.01em] text-fg hover:text-fg hover:no-underline"
      >
        <BrandMark />
        <span className="max-[1099px]:sr-only">Faultline</span>
      </RouteLink>
      <LabName />
      <nav className="ml-2 flex gap-0.5 max-[1099px]:ml-0 max-[959px]:hidden" aria-label="Views">
        <RouteLink className={viewLink} path="/" aria-current={view === 'topology' ? 'page' : undefined}>
          Topology
        </RouteLink>
        <RouteLink
          className={viewLink}
          path="/scenarios"
          patch={noRunParams}
          aria-current={view === 'scenarios' ? 'page' : undefined}
        >
          Scenarios
        </RouteLink>
        <RouteLink className={viewLink} path="/event-types" aria-current={view === 'types' ? 'page' : undefined}>
          Event types
        </RouteLink>
        <RouteLink className={viewLink} path="/queues" aria-current={view === 'queues' ? 'page' : undefined}>
          Queues
        </RouteLink>
      </nav>
      <span className="flex-1" />
      <WhileLive>
        <BrokerControl />
      </WhileLive>
      <span className="-mx-0.5 h-5 w-px bg-line max-[1099px]:hidden" />
      <div className="flex min-w-0 items-center gap-2">
        <span className="max-[1439px]:hidden">
          <RunLink />
        </span>
        <span className="max-[1099px]:hidden">
          <BurstLink />
        </span>
        <WhileLive>
          <span className="max-[959px]:hidden">
            <RecordButton />
          </span>
        </WhileLive>
        <WhileLive>
          <HealAll />
        </WhileLive>
        <SheetLink path="/publish" variant="primary">
          <Icon name="send" />
          Publish <kbd className="max-[1099px]:hidden">P</kbd>
        </SheetLink>
      </div>
      <span className="-mx-0.5 h-5 w-px bg-line max-[1099px]:hidden" />
      <div className="flex min-w-0 items-center">
        <button type="button" className={buttonClass('ghost')} title="Command palette" onClick={onPalette}>
          <Icon name="search" />
          <span className="sr-only">Command palette</span>
          <kbd className="max-[1099px]:hidden">⌘K</kbd>
        </button>
        <ThemeMenu />
        <button
          type="button"
          className={cn(buttonClass('ghost', false, true), 'max-[959px]:hidden')}
          aria-label="Help"
          title="Help"
          onClick={onHelp}
        >
          <Icon name="help" />
        </button>
        <MoreMenu onHelp={onHelp} />
      </div>
    </header>
  )
}

/** Which lab this is; in a narrow bar the name goes before any figure. */
function LabName() {
  const name = useLabName()
  return name === undefined ? null : (
    <span className="-ml-1 flex min-w-0 items-center gap-2 type-13 max-[1439px]:hidden">
      <span className="text-fg-3" aria-hidden="true">
        /
      </span>
      <span className="max-w-48 truncate text-fg-2" title={`Lab ${name}`}>
        {name}
      </span>
    </span>
  )
}

/** The list of what can be run, or the run that goes on. */
function RunLink() {
  const underWay = useLive((live) => live.underWay)
  return (
    <SheetLink path={underWay ? `/scenarios/${underWay.id}` : '/scenarios'} variant="plain" title={underWay?.name}>
      <Icon name="flask" />
      {underWay ? 'Running' : 'Run scenario'}
    </SheetLink>
  )
}

function BurstLink() {
  const share = useLive((live) => {
    const running = live.bursts.find((burst) => burst.state === 'running')
    return running === undefined ? undefined : Math.floor((100 * running.attempted) / Math.max(1, running.requested))
  })
  return (
    <SheetLink path="/publish/burst" variant="plain">
      <Icon name="burst" />
      Burst {share === undefined ? null : <b>{Math.min(100, share)} %</b>}
    </SheetLink>
  )
}

/** A link to a sheet in which messages or runs are made; while a moment of the past is shown, a button that says why it does nothing. */
function SheetLink({
  path,
  variant,
  title,
  children,
}: {
  path: string
  variant: 'primary' | 'plain'
  title?: string | undefined
  children: ReactNode
}) {
  return useIsReplayed() ? (
    <WhileLive>
      <Button>{children}</Button>
    </WhileLive>
  ) : (
    <RouteLink path={path} patch={noRunParams} className={buttonClass(variant)} title={title}>
      {children}
    </RouteLink>
  )
}
