'use client'
import { useShallow } from 'zustand/react/shallow'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { brokerOf, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { iconOf, stateView } from '#web/features/nodes/node-words.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams } from '#web/live/url-state.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { Panel, PanelHead, Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'

/** The lab itself, while nothing is selected: what is ready, and the first event from a shell. */
export function LabPanel() {
  return (
    <Panel kind="node" label="Lab">
      <PanelHead icon="graph" title="Lab" onClose={() => setParams({ panel: 'none' }, { replace: true })}>
        <span className="text-fg-3">nothing selected</span>
      </PanelHead>
      <div className={panelBody} data-fades="">
        <ReadyList />
        <FromAShell />
      </div>
    </Panel>
  )
}

interface ReadyItem {
  icon: IconName
  name: string
  about: string
  ready: boolean
  word: string
  nodeId?: string
}

function aboutNode(node: TopologyNode, replicas: number): string {
  if (node.effect !== undefined) return effectOf(node.effect).words.about
  return replicas === 1 ? '1 replica' : `${replicas} replicas`
}

function ReadyList() {
  const items = useLive(
    useShallow((live) => {
      // Asked for with each report of a lab that may have 1,000 services.
      const replicasOf = new Map(live.services.map(({ name, replicas }) => [name, replicas.length]))
      return [
        {
          icon: 'queue',
          name: `${brokerOf(live.broker?.broker ?? defaultBroker).label} broker`,
          about: brokerOf(live.broker?.broker ?? defaultBroker).words.about,
          ready: !live.topology.nodes.some((node) => live.states[node.id] === 'unreachable' && node.kind === 'queue'),
          word: 'ready',
        } satisfies ReadyItem,
        ...live.topology.nodes
          .filter((node) => node.kind === 'producer' || node.kind === 'consumer' || node.kind === 'effect')
          .map((node): ReadyItem => {
            const state = live.states[node.id] ?? node.state
            return {
              icon: iconOf(node),
              name: node.name,
              about: aboutNode(node, replicasOf.get(node.name) ?? 0),
              ready: state === 'up',
              word: state === 'up' && node.kind === 'effect' ? 'ready' : stateView[state].word,
              nodeId: node.id,
            }
          }),
      ].map((item) => JSON.stringify(item))
    }),
  ).map((text): ReadyItem => JSON.parse(text))
  const ready = items.filter((item) => item.ready).length
  return (
    <Section title="Ready" actions={<span className="type-11 text-fg-3">{`${ready} of ${items.length}`}</span>}>
      <ul className="grid">
        {items.map((item) => (
          <li
            // Those out of sight are neither laid out nor painted.
            className="grid h-7 grid-cols-[16px_auto_1fr_auto] items-center gap-2 border-t border-line [contain-intrinsic-size:auto_28px] [content-visibility:auto] first:border-t-0"
            key={item.name}
          >
            <span className="text-fg-3">
              <Icon name={item.icon} />
            </span>
            {item.nodeId === undefined ? (
              <span>{item.name}</span>
            ) : (
              <RouteLink className="text-inherit" patch={{ node: item.nodeId }}>
                {item.name}
              </RouteLink>
            )}
            <span className="min-w-0 truncate text-fg-3">{item.about}</span>
            <Status className="min-w-12" tone={item.ready ? 'delivered' : 'idle'} glyph={item.ready ? 'up' : 'off'}>
              <span className="text-fg-2">{item.word}</span>
            </Status>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function FromAShell() {
  const origin = typeof window === 'undefined' ? 'http://localhost:3000' : window.location.origin
  const command = `curl -sS ${origin}/event \\
  -H 'content-type: application/json' \\
  -d '{"type":"user_signup",
       "data":{"email":"ada@example.com"}}'`
  return (
    <Section title="From a shell" aside="the same as Publish" actions={<CopyButton text={command} />}>
      <pre className={cn(codeClass, 'overflow-x-auto')}>{command}</pre>
    </Section>
  )
}
