'use client'

import { useQueryClient } from '@tanstack/react-query'
import type { FlowList, FlowRow, FlowView } from '#contracts/api/flow.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { neighbourOf } from '#web/ui/data-table/neighbour.ts'
import { NeighbourButtons } from '#web/ui/neighbour-buttons.tsx'
import { Panel, PanelHead, Unread } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { countClass } from '#web/ui/recipes/count.ts'
import { panelBody, panelSub, sectionClass } from '#web/ui/recipes/panel-parts.ts'
import { progressClass } from '#web/ui/recipes/progress.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Status } from '#web/ui/status.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { openFlow } from '../flows/flow-line.tsx'
import { useFlow } from '../flows/flow-queries.ts'
import { flowName, flowStateView, flowTime, stateWords } from '../flows/flow-words.ts'
import { LogsTab } from '../message/logs-tab.tsx'
import { shortKey } from '../messages/message-line.tsx'
import { clock, count, durationWords } from '../words/figures.ts'
import { EffectsTab, effectsOf } from './effects-tab.tsx'
import { EventsTab } from './events-tab.tsx'
import { FlowFoot } from './flow-foot.tsx'
import { FlowWaterfallTab } from './flow-waterfall.tsx'

const close = (): void => setParams({ flow: undefined, attempt: undefined, tab: undefined })

/** Everything that is known of one flow, from its first event to its last effect. */
export function FlowDrawer({ id }: { id: string }) {
  const { data, error } = useFlow(id)
  return (
    <Panel kind="message" label={data ? `Flow ${flowName(data)}` : 'Flow'}>
      {data ? (
        <Drawer flow={data} />
      ) : (
        <>
          <PanelHead icon="flow" title="Flow" actions={<Neighbours id={id} />} onClose={close} />
          <div className={panelSub}>
            <code className="text-fg-2">{id}</code>
          </div>
          <Unread problem={error} action={<Button onClick={close}>Close</Button>} />
        </>
      )}
    </Panel>
  )
}

const group = 'flow'
const tabNames = ['waterfall', 'events', 'effects', 'logs'] as const
type TabName = (typeof tabNames)[number]

function Drawer({ flow }: { flow: FlowView }) {
  const asked = useParam('tab')
  const tab = tabNames.find((name) => name === asked) ?? 'waterfall'
  const effects = effectsOf(flow)
  const logs = flow.journeys.flatMap((journey) => journey.logs).sort((a, b) => a.at - b.at)
  const counted = (label: string, number: number) => (
    <>
      {label} <span className={countClass()}>{count(number)}</span>
    </>
  )
  return (
    <>
      <PanelHead icon="flow" title={`Flow ${flowName(flow)}`} actions={<Neighbours id={flow.id} />} onClose={close} />
      <div className={panelSub}>
        {flow.key === undefined ? null : (
          <span className="max-w-full truncate" title={flow.key}>
            key <code className="text-fg-2">{shortKey(flow.key)}</code>
          </span>
        )}
        <span>started {clock(flow.startedAt)}</span>
        <span>
          {flow.events === 1 ? '1 event' : `${count(flow.events)} events`},{' '}
          {flow.deliveries === 1 ? '1 delivery' : `${count(flow.deliveries)} deliveries`}
        </span>
      </div>
      <Tabs<TabName>
        group={group}
        label="Flow"
        value={tab}
        onChange={(next) => setParams({ tab: next === 'waterfall' ? undefined : next }, { replace: true })}
        tabs={[
          { value: 'waterfall', label: 'Waterfall' },
          { value: 'events', label: counted('Events', flow.events) },
          { value: 'effects', label: counted('Effects', effects.length) },
          { value: 'logs', label: counted('Logs', logs.length) },
        ]}
      />
      <div
        className={panelBody}
        data-fades=""
        role="tabpanel"
        id={tabPanelId(group)}
        aria-labelledby={tabId(group, tab)}
      >
        {tab === 'waterfall' ? (
          <>
            <Outcome flow={flow} />
            <FlowWaterfallTab flow={flow} />
          </>
        ) : null}
        {tab === 'events' ? <EventsTab flow={flow} /> : null}
        {tab === 'effects' ? <EffectsTab effects={effects} start={Date.parse(flow.startedAt)} /> : null}
        {tab === 'logs' ? <LogsTab logs={logs} of="flow" /> : null}
      </div>
      <FlowFoot flow={flow} />
    </>
  )
}

/** How it ended, or how much of its time has passed. */
function Outcome({ flow }: { flow: FlowView }) {
  const now = useLive((live) => (flow.tookMs === undefined ? live.at : 0))
  const { tone, glyph, word } = flowStateView[flow.state]
  const { detail } = stateWords(flow)
  const passed = flowTime(flow, now)
  const ends = flow.endedBy.length > 0 ? `: ${flow.endedBy.join(' and ')}` : ''
  const title = word.slice(0, 1).toUpperCase() + word.slice(1)
  return (
    <section className={sectionClass} aria-label="Outcome">
      <div className="flex flex-wrap items-center gap-2">
        <Status tone={tone} glyph={glyph}>
          <b className="font-semibold">
            {title}
            {ends}
          </b>
        </Status>
        {flow.state === 'conflicting' || detail === undefined ? null : <span className="text-fg-3">{detail}</span>}
        <span className="ml-auto text-fg-2">
          after {durationWords(passed)} of {durationWords(flow.withinMs)}
        </span>
      </div>
      <div
        className={cn(progressClass, toneClass[tone])}
        role="img"
        aria-label={`${durationWords(passed)} of ${durationWords(flow.withinMs)} passed`}
      >
        <i style={{ width: `${Math.min(100, (100 * passed) / flow.withinMs).toFixed(1)}%` }} />
      </div>
    </section>
  )
}

/** To the flow before and after in the list below, and a link to this one. */
function Neighbours({ id }: { id: string }) {
  const client = useQueryClient()
  const listed = (): FlowRow[] =>
    client
      .getQueriesData<{ pages: FlowList[] }>({ queryKey: ['flows'], type: 'active' })
      .flatMap(([, data]) => data?.pages.flatMap(({ flows }) => flows) ?? [])
  const step = (by: 1 | -1) => {
    const rows = listed()
    const next = rows.some((row) => row.id === id) ? neighbourOf(rows, (row) => row.id, id, by)?.id : undefined
    return {
      disabled: next === undefined,
      onClick: () => {
        if (next !== undefined) setParams(openFlow(next), { replace: true })
      },
    }
  }
  return <NeighbourButtons step={step} path={`/?dock=flows&flow=${encodeURIComponent(id)}`} />
}
