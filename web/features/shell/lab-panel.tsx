'use client'
import { useShallow } from 'zustand/react/shallow'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { brokerOf, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { iconOf, stateView } from '#web/features/nodes/node-words.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams } from '#web/live/url-state.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { Panel, PanelHead, Section } from '#web/ui/panel.tsx'
import { Status } from '#web/ui/status.tsx'

/** The lab itself, while nothing is selected: what is ready, and the first event from a shell. */
export function LabPanel() {
  return (
    <Panel kind="node" label="Lab">
      <PanelHead icon="graph" title="Lab" onClose={() => setParams({ panel: 'none' }, { replace: true })}>
        <span className="t3">nothing selected</span>
      </PanelHead>
      <div className="side__body">
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
  if (node.kind === 'effect') return node.effect === 'email' ? 'SMTP' : 'PostgreSQL'
  return replicas === 1 ? '1 replica' : `${replicas} replicas`
}

function ReadyList() {
  const items = useLive(
    useShallow((live) =>
      [
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
            const replicas = live.services.find((service) => service.name === node.name)?.replicas.length ?? 0
            return {
              icon: iconOf(node),
              name: node.name,
              about: aboutNode(node, replicas),
              ready: state === 'up',
              word: state === 'up' && node.kind === 'effect' ? 'ready' : stateView[state].word,
              nodeId: node.id,
            }
          }),
      ].map((item) => JSON.stringify(item)),
    ),
  ).map((text): ReadyItem => JSON.parse(text))
  const ready = items.filter((item) => item.ready).length
  return (
    <Section title="Ready" actions={<span className="t3">{`${ready} of ${items.length}`}</span>}>
      <ul className="ready">
        {items.map((item) => (
          <li key={item.name}>
            <span className="t3">
              <Icon name={item.icon} />
            </span>
            {item.nodeId === undefined ? (
              <span>{item.name}</span>
            ) : (
              <RouteLink className="plain" patch={{ node: item.nodeId }}>
                {item.name}
              </RouteLink>
            )}
            <span className="t3 clip">{item.about}</span>
            <Status tone={item.ready ? 'delivered' : 'idle'} glyph={item.ready ? 'up' : 'off'}>
              <span className="t2">{item.word}</span>
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
      <pre className="code code--scroll">{command}</pre>
    </Section>
  )
}
