'use client'
import { useMemo } from 'react'
import type { TopologyEdge, TopologyNode } from '#contracts/api/topology.ts'
import { FaultsLabel, noFaultParams } from '#web/features/faults/faults-label.tsx'
import { FaultsTab } from '#web/features/faults/faults-tab.tsx'
import { useFaultMap } from '#web/features/faults/use-fault-map.ts'
import { iconOf } from '#web/features/nodes/node-words.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead, Section } from '#web/ui/panel.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { figureList } from '../nodes/figure-list.ts'
import { FigureGrid } from './figure-grid.tsx'

const close = (): void => setParams({ edge: undefined, tab: undefined, ...noFaultParams })

function standing(declared: boolean, observed: boolean): string {
  if (declared && observed) return 'Declared, and seen: messages have passed here or the broker reports the wiring.'
  if (declared) return 'Declared and never seen: no message has passed here yet.'
  return 'Seen but in no declaration: something sends here that the lab was not told of.'
}

/** The selected link: its ends, what passes, whether it was declared and seen, and its faults. */
export function EdgeDrawer({ id }: { id: string }) {
  const topology = useLive((live) => live.topology)
  const edge = topology.edges.find((one) => one.id === id)
  const ends = edge && [edge.from, edge.to].map((end) => topology.nodes.find((node) => node.id === end))
  return (
    <Panel kind="node" label="Link">
      <PanelHead icon="link" title="Link" onClose={close} />
      {edge === undefined || ends === undefined ? (
        <Empty icon="graph" title="The lab has no such link">
          It may have gone with its event type or subscription.
        </Empty>
      ) : (
        <KnownEdge edge={edge} ends={ends} />
      )}
    </Panel>
  )
}

function KnownEdge({ edge, ends }: { edge: TopologyEdge; ends: (TopologyNode | undefined)[] }) {
  const tab = useParam('tab') === 'faults' ? 'faults' : 'overview'
  const faults = useFaultMap((map) => map.edges.get(edge.id)?.length ?? 0)
  const spot = useMemo(() => ({ edge }), [edge])
  return (
    <>
      <Tabs
        group="edge"
        label="Link"
        value={tab}
        tabs={[
          { value: 'overview', label: 'Overview' },
          { value: 'faults', label: <FaultsLabel count={faults} /> },
        ]}
        onChange={(value) => setParams({ tab: value === 'overview' ? undefined : value }, { replace: true })}
      />
      <div className="side__body" id={tabPanelId('edge')} role="tabpanel" aria-labelledby={tabId('edge', tab)}>
        {tab === 'faults' ? <FaultsTab spot={spot} /> : <Overview edge={edge} ends={ends} />}
      </div>
    </>
  )
}

function Overview({ edge, ends }: { edge: TopologyEdge; ends: (TopologyNode | undefined)[] }) {
  const figures = useLive((live) => live.edges[edge.id])
  return (
    <>
      <Section title="Between">
        <ul className="chips">
          {ends.map((node) =>
            node === undefined ? null : (
              <li key={node.id}>
                <RouteLink className="chip" patch={{ edge: undefined, node: node.id }}>
                  <Icon name={iconOf(node)} size={12} />
                  {node.name}
                </RouteLink>
              </li>
            ),
          )}
        </ul>
        <p className="t3">{standing(edge.declared, edge.observed)}</p>
      </Section>
      <Section title="Now">
        <FigureGrid figures={figureList('link', figures)} />
      </Section>
    </>
  )
}
