'use client'

import type { Journey } from '#contracts/api/journey.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { neighbourOf } from '#web/ui/data-table/neighbour.ts'
import { NeighbourButtons } from '#web/ui/neighbour-buttons.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { countClass } from '#web/ui/recipes/count.ts'
import { emptyClass, panelBody, panelSub } from '#web/ui/recipes/panel-parts.ts'
import { Chip } from '#web/ui/status.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { shortKey } from '../messages/message-line.tsx'
import { messageStatus } from '../messages/message-status.ts'
import { useMessages } from '../messages/messages-store.ts'
import { useMessageRedrives } from '../nodes/message-redrives.ts'
import { clock } from '../words/figures.ts'
import { type JourneySource, useJourney } from './journey-source.ts'
import { JourneyTab } from './journey-tab.tsx'
import { LogsTab } from './logs-tab.tsx'
import { MessageFlow } from './message-flow.tsx'
import { MessageFoot } from './message-foot.tsx'
import { HeadersTab, PayloadTab, RawTab } from './message-tabs.tsx'

const close = (): void => setParams({ message: undefined, attempt: undefined })

/** Everything that is known of one message. */
export function MessageDrawer({ id }: { id: string }) {
  const source = useJourney(id)
  const topic = id.split(':')[2]
  return (
    <Panel kind="message" label="Message">
      {source.state === 'there' ? (
        <Drawer journey={source.journey} />
      ) : (
        <>
          <PanelHead title={topic ?? 'Message'} actions={<Neighbours id={id} />} onClose={close} />
          <div className={panelSub}>
            <code className="text-fg-2">{id}</code>
          </div>
          <Missing source={source} />
        </>
      )}
    </Panel>
  )
}

function Missing({ source }: { source: JourneySource }) {
  if (source.state !== 'gone') return <div className={emptyClass} aria-busy="true" />
  const { problem } = source
  const dropped = problem.code === 'message_dropped'
  return (
    <Empty icon={dropped ? 'trash' : 'alert'} title={problem.title} action={<Button onClick={close}>Close</Button>}>
      {problem.detail}
    </Empty>
  )
}

const group = 'message'
const tabNames = ['journey', 'payload', 'headers', 'raw', 'logs'] as const
type TabName = (typeof tabNames)[number]

function Drawer({ journey }: { journey: Journey }) {
  const asked = useParam('tab')
  const tab = tabNames.find((name) => name === asked) ?? 'journey'
  const setTab = (next: TabName): void => setParams({ tab: next === 'journey' ? undefined : next }, { replace: true })
  const status = messageStatus(journey.publish.state, journey.obligations)
  const redriven = (useMessageRedrives(journey)?.length ?? 0) > 0
  const headers = Object.keys(journey.headers).length
  return (
    <>
      <PanelHead title={journey.type} actions={<Neighbours id={journey.id} />} onClose={close}>
        <Chip tone={status.tone} glyph={status.glyph}>
          {status.label}
        </Chip>
        {redriven ? (
          <Chip tone="retried" glyph="retried">
            Redriven
          </Chip>
        ) : null}
      </PanelHead>
      <div className={panelSub}>
        <code className="wrap-anywhere text-fg-2">{journey.id}</code>
        <span>{clock(journey.publish.attemptedAt)}</span>
        {journey.key === undefined ? null : (
          <span className="max-w-full truncate" title={journey.key}>
            key <code className="text-fg-2">{shortKey(journey.key)}</code>
          </span>
        )}
      </div>
      <MessageFlow journey={journey} />
      <Tabs<TabName>
        group={group}
        label="Message"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'journey', label: 'Journey' },
          { value: 'payload', label: 'Payload' },
          { value: 'headers', label: <Counted label="Headers" count={headers} /> },
          { value: 'raw', label: 'Raw' },
          { value: 'logs', label: <Counted label="Logs" count={journey.logs.length} /> },
        ]}
      />
      <div
        className={panelBody}
        data-fades=""
        role="tabpanel"
        id={tabPanelId(group)}
        aria-labelledby={tabId(group, tab)}
      >
        {tab === 'journey' ? <JourneyTab journey={journey} /> : null}
        {tab === 'payload' ? <PayloadTab journey={journey} /> : null}
        {tab === 'headers' ? <HeadersTab journey={journey} /> : null}
        {tab === 'raw' ? <RawTab journey={journey} /> : null}
        {tab === 'logs' ? <LogsTab logs={journey.logs} /> : null}
      </div>
      <MessageFoot journey={journey} />
    </>
  )
}

const Counted = ({ label, count }: { label: string; count: number }) => (
  <>
    {label} <span className={countClass()}>{count}</span>
  </>
)

/** To the message before and after in the list below, and a link to this one. */
function Neighbours({ id }: { id: string }) {
  const rows = useMessages((messages) => messages.rows)
  const listed = rows.some((row) => row.id === id)
  const step = (by: 1 | -1) => {
    const next = listed ? neighbourOf(rows, (row) => row.id, id, by)?.id : undefined
    return {
      disabled: next === undefined,
      onClick: () => setParams({ message: next, attempt: undefined }, { replace: true }),
    }
  }
  return <NeighbourButtons step={step} path={`/?message=${encodeURIComponent(id)}`} />
}
