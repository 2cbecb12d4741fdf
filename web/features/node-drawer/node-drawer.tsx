'use client'
import type { TopologyNode } from '#contracts/topology.ts'
import { iconOf, kindOf, stateView } from '#web/features/topology/card-words.ts'
import { replicasUp } from '#web/features/topology/replica-words.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { Status } from '#web/ui/status.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { LogsTab } from './logs-tab.tsx'
import { MetricsTab } from './metrics-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'

type NodeTab = 'overview' | 'logs' | 'metrics'

const close = (): void => setParams({ node: undefined, tab: undefined, level: undefined })

/** The selected node: what it is doing, its lines and its figures over time. */
export function NodeDrawer({ id }: { id: string }) {
  const node = useLive((live) => live.topology.nodes.find((one) => one.id === id))
  const known = useLive((live) => live.lab !== undefined)
  if (!node) {
    return (
      <Panel kind="node" label="Node">
        <PanelHead title={id.slice(id.indexOf(':') + 1)} onClose={close} />
        <Empty icon="graph" title={known ? 'The lab has no such node' : 'Waiting for the lab…'}>
          {known ? 'It may have gone with its event type.' : undefined}
        </Empty>
      </Panel>
    )
  }
  return <KnownNode node={node} />
}

function KnownNode({ node }: { node: TopologyNode }) {
  const isService = node.kind === 'producer' || node.kind === 'consumer'
  const asked = useParam('tab')
  const tab: NodeTab = asked === 'metrics' || (asked === 'logs' && isService) ? asked : 'overview'
  const tabs: { value: NodeTab; label: string }[] = [
    { value: 'overview', label: 'Overview' },
    ...(isService ? [{ value: 'logs' as const, label: 'Logs' }] : []),
    { value: 'metrics', label: 'Metrics' },
  ]
  return (
    <Panel kind="node" label={`${node.name}, ${kindOf(node)}`}>
      <PanelHead icon={iconOf(node)} title={node.name} onClose={close}>
        <HeadState node={node} />
      </PanelHead>
      <Tabs
        group="node"
        label="Node"
        value={tab}
        tabs={tabs}
        onChange={(value) => setParams({ tab: value === 'overview' ? undefined : value }, { replace: true })}
      />
      <div className="side__body" id={tabPanelId('node')} role="tabpanel" aria-labelledby={tabId('node', tab)}>
        {tab === 'logs' ? (
          <LogsTab service={node.name} />
        ) : tab === 'metrics' ? (
          <MetricsTab node={node} />
        ) : (
          <OverviewTab node={node} />
        )}
      </div>
    </Panel>
  )
}

function HeadState({ node }: { node: TopologyNode }) {
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const up = useLive((live) => {
    const service = live.services.find((one) => one.name === node.name)
    return service && node.kind !== 'queue' ? replicasUp(service.replicas, service.connected) : undefined
  })
  if (node.kind === 'topic') return <span className="t3">topic</span>
  const view = stateView[state]
  return (
    <Status tone={view.tone} glyph={view.glyph}>
      <span className="t2">{up ?? view.word}</span>
    </Status>
  )
}
