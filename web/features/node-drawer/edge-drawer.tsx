'use client'
import { useMemo } from 'react'
import type { TopologyEdge, TopologyNode } from '#contracts/api/topology.ts'
import type { EdgeFault } from '#web/features/faults/fault-places.ts'
import { faultName, faultStateView, faultTime } from '#web/features/faults/fault-words.ts'
import { FaultsLabel, noFaultParams } from '#web/features/faults/faults-label.tsx'
import { FaultsTab } from '#web/features/faults/faults-tab.tsx'
import { useFaultMap } from '#web/features/faults/use-fault-map.ts'
import { iconOf } from '#web/features/nodes/node-words.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead, Section } from '#web/ui/panel.tsx'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { chipClass } from '#web/ui/status.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { figureList } from '../nodes/figure-list.ts'
import { FigureGrid } from './figure-grid.tsx'

const close = (): void => setParams({ edge: undefined, tab: undefined, ...noFaultParams })

function standing(declared: boolean, observed: boolean): string {
  if (declared && observed) return 'Declared, and seen: messages have passed here or the broker reports the wiring.'
  if (declared) return 'Declared and never seen: no message has passed here yet.'
  return 'Seen but in no declaration: something sends here that the lab does not declare.'
}

/** The selected link: its ends, what passes, whether it was declared and seen, and its faults. */
export function EdgeDrawer({ id }: { id: string }) {
  const topology = useLive((live) => live.topology)
  const edge = topology.edges.find((one) => one.id === id)
  const ends = edge && [edge.from, edge.to].map((end) => topology.nodes.find((node) => node.id === end))
  return (
    <Panel kind="node" label="Link">
      <PanelHead icon="link" title={ends === undefined ? 'Link' : linkName(ends)} onClose={close} />
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

/** `order_placed → consumer-db`; what is not drawn any more has no name. */
const linkName = (ends: readonly (TopologyNode | undefined)[]): string =>
  ends.map((node) => node?.name ?? 'gone').join(' → ')

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
      <div
        className={panelBody}
        data-fades=""
        id={tabPanelId('edge')}
        role="tabpanel"
        aria-labelledby={tabId('edge', tab)}
      >
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
        <ul className="flex flex-wrap gap-1.5">
          {ends.map((node) =>
            node === undefined ? null : (
              <li key={node.id}>
                <RouteLink className={chipClass} patch={{ edge: undefined, node: node.id }}>
                  <Icon name={iconOf(node)} size={12} />
                  {node.name}
                </RouteLink>
              </li>
            ),
          )}
        </ul>
        <p className="text-fg-3">{standing(edge.declared, edge.observed)}</p>
      </Section>
      <LinkFaults edge={edge} />
      <Section title="Now">
        <FigureGrid figures={figureList('link', figures)} />
      </Section>
    </>
  )
}

/** Faults on this link now and to come, each with a way to its card. */
function LinkFaults({ edge }: { edge: TopologyEdge }) {
  const faults = useFaultMap((map) => map.edges.get(edge.id) ?? none)
  const now = useLive((live) => live.at)
  if (faults.length === 0) return null
  return (
    <Section title="Faults" aside={faults.length === 1 ? '1 on this link' : `${faults.length} on this link`}>
      <ul>
        {faults.map(({ fault }) => (
          <li key={fault.id} className="flex h-7 min-w-0 items-center gap-2 border-t border-line first:border-t-0">
            <Icon className="text-fault" name={faultStateView[fault.state].icon} size={12} />
            <RouteLink className="min-w-0 truncate" patch={{ tab: 'faults', fault: fault.id }}>
              {faultName(fault)}
            </RouteLink>
            <span className="flex-1" />
            <span className="whitespace-nowrap text-fg-3">
              {faultStateView[fault.state].word}, {faultTime(fault, now).text}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const none: EdgeFault[] = []
