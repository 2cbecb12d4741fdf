'use client'
import { type ReactNode, useMemo } from 'react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { FaultsLabel, noFaultParams } from '#web/features/faults/faults-label.tsx'
import { FaultsTab } from '#web/features/faults/faults-tab.tsx'
import { useFaultMap } from '#web/features/faults/use-fault-map.ts'
import { iconOf, kindOf, stateView } from '#web/features/nodes/node-words.ts'
import { replicasUp } from '#web/features/nodes/replica-words.ts'
import { isRetry } from '#web/features/nodes/retry-nodes.ts'
import { OnlyNow } from '#web/features/replay/only-now.tsx'
import { RetryPolicyTab } from '#web/features/retry-policy/retry-policy-tab.tsx'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { ServiceLogsTab } from './logs-tab.tsx'
import { MetricsTab } from './metrics-tab.tsx'
import { NodeMenu } from './node-menu.tsx'
import { OverviewTab } from './overview-tab.tsx'

type NodeTab = 'overview' | 'faults' | 'policy' | 'logs' | 'metrics'

/** The tabs of a node, in their order. */
function tabsOf({ kind }: TopologyNode, faults: number): { value: NodeTab; label: ReactNode }[] {
  const isService = kind === 'producer' || kind === 'consumer'
  return [
    { value: 'overview', label: 'Overview' },
    { value: 'faults', label: <FaultsLabel count={faults} /> },
    ...(kind === 'consumer' ? [{ value: 'policy' as const, label: 'Retry policy' }] : []),
    ...(isService ? [{ value: 'logs' as const, label: 'Logs' }] : []),
    { value: 'metrics', label: 'Metrics' },
  ]
}

const close = (): void => setParams({ node: undefined, tab: undefined, level: undefined, ...noFaultParams })

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
  const asked = useParam('tab')
  const faults = useFaultMap((map) => map.nodes.get(node.id)?.length ?? 0)
  const spot = useMemo(() => ({ node }), [node])
  // Six columns of a partition table do not fit the usual width.
  const isWide = useLive(
    (live) => isRetry(node) || (node.kind === 'topic' && live.partitions.some(({ topic }) => topic === node.name)),
  )
  const name = node.retry ? `${node.retry.group}.retry` : node.name
  const tabs = tabsOf(node, faults)
  const tab = tabs.find(({ value }) => value === asked)?.value ?? 'overview'
  return (
    <Panel kind={isWide ? 'message' : 'node'} label={`${name}, ${kindOf(node)}`}>
      <PanelHead icon={iconOf(node)} title={name} actions={<NodeMenu node={node} />} onClose={close}>
        <HeadState node={node} />
      </PanelHead>
      <Tabs
        group="node"
        label="Node"
        value={tab}
        tabs={tabs}
        onChange={(value) => setParams({ tab: value === 'overview' ? undefined : value }, { replace: true })}
      />
      <div
        className={panelBody}
        data-fades=""
        id={tabPanelId('node')}
        role="tabpanel"
        aria-labelledby={tabId('node', tab)}
      >
        {tab === 'faults' ? <FaultsTab spot={spot} /> : <TabBody node={node} tab={tab} />}
      </div>
    </Panel>
  )
}

function TabBody({ node, tab }: { node: TopologyNode; tab: Exclude<NodeTab, 'faults'> }) {
  if (tab === 'policy') {
    return (
      <OnlyNow what="Retry policies">
        <RetryPolicyTab consumer={node.name} />
      </OnlyNow>
    )
  }
  if (tab === 'logs') {
    return (
      <OnlyNow what="Log lines">
        <ServiceLogsTab service={node.name} />
      </OnlyNow>
    )
  }
  if (tab === 'metrics') return <MetricsTab node={node} />
  return <OverviewTab node={node} />
}

function HeadState({ node }: { node: TopologyNode }) {
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const up = useLive((live) => {
    const service = live.services.find((one) => one.name === node.name)
    return service && node.kind !== 'queue' ? replicasUp(service.replicas, service.connected) : undefined
  })
  if (node.kind === 'topic') return <span className="text-fg-3">topic</span>
  if (isRetry(node)) return <span className="text-fg-3">retry topics</span>
  const view = stateView[state]
  return (
    <Status tone={view.tone} glyph={view.glyph}>
      <span className="text-fg-2">{up ?? view.word}</span>
    </Status>
  )
}
