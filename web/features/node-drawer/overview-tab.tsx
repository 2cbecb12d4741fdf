'use client'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { TopologyNode } from '#contracts/api/topology.ts'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import { DeadLetterQueueSection } from '#web/features/dead-letters/letter/queue-section.tsx'
import { ConsumerLedger } from '#web/features/ledger/consumer-ledger.tsx'
import { iconOf, kindOf } from '#web/features/nodes/node-words.ts'
import { replicaView } from '#web/features/nodes/replica-words.ts'
import { type FoldableNode, figuresOf, retriesOf } from '#web/features/nodes/retry-nodes.ts'
import { Assignment } from '#web/features/partitions/assignment.tsx'
import { PartitionTable } from '#web/features/partitions/partition-table.tsx'
import { RetryTopics } from '#web/features/partitions/retry-topics.tsx'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { WhileLive } from '#web/live/while-live.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { chipClass, Status } from '#web/ui/status.tsx'
import { figureList } from '../nodes/figure-list.ts'
import { bytes, durationWords, since } from '../words/figures.ts'
import { FigureGrid } from './figure-grid.tsx'
import { ReplicaStepper } from './replica-stepper.tsx'

const none: never[] = []

/** What the node does now, who runs it, and what it is wired to. */
export function OverviewTab({ node }: { node: TopologyNode }) {
  const figures = useLive(useShallow((live) => figuresOf(ofGroup(node, live.topology.nodes), live.nodes)))
  const isService = node.kind === 'producer' || node.kind === 'consumer'
  return (
    <>
      <Section title="Now">
        <FigureGrid figures={figureList(node.kind, figures)} />
      </Section>
      {node.kind === 'consumer' ? <ConsumerLedger node={node} /> : null}
      {node.kind === 'dead_letter_queue' ? <DeadLetterQueueSection node={node} /> : null}
      {isService ? <Replicas service={node.name} /> : null}
      {node.kind === 'consumer' ? <Assignment group={node.name} /> : null}
      {node.kind === 'topic' ? <PartitionTable topic={node.name} /> : null}
      {node.kind === 'queue' ? <PartitionTable group={node.name} /> : null}
      {node.retry ? <RetryTopics group={node.retry.group} /> : null}
      {isService ? <Links service={node.name} /> : null}
      <Wiring node={node} />
    </>
  )
}

/** Retry topics are looked at together, whichever of a group was chosen. */
const ofGroup = (node: TopologyNode, nodes: readonly TopologyNode[]): FoldableNode =>
  node.retry ? { ...node, folds: retriesOf(nodes, node.retry.group).map(({ id }) => id) } : node

function Replicas({ service }: { service: string }) {
  const status = useLive((live) => live.services.find((one) => one.name === service))
  const now = useLive((live) => live.at)
  if (!status) return null
  return (
    <Section
      title="Replicas"
      aside={status.connected ? undefined : 'its sidecar is not connected'}
      actions={
        status.wanted === undefined ? undefined : (
          <WhileLive>
            <ReplicaStepper service={service} wanted={status.wanted} />
          </WhileLive>
        )
      }
    >
      {status.problem === undefined ? null : <p className="type-11 text-lost-fg">{status.problem}</p>}
      <ul>
        {status.replicas.map((replica) => (
          <Replica key={replica.instance} replica={replica} now={now} />
        ))}
      </ul>
    </Section>
  )
}

function Replica({ replica, now }: { replica: ReplicaStatus; now: number }) {
  const state = replicaView(replica)
  const next = replica.nextStartAt === undefined ? undefined : Math.max(0, replica.nextStartAt - now)
  return (
    <li className="border-t border-line py-1.5 first:border-t-0 first:pt-0">
      <div className="flex min-w-0 items-center gap-2">
        <b className="font-medium">{replica.instance}</b>
        <Status tone={state.tone} glyph={state.glyph}>
          <span className="text-fg-2">
            {state.word} for {since(state.since, now)}
          </span>
        </Status>
        <span className="flex-1" />
        <span className="text-fg-3">{replica.pid === null ? 'no process' : `pid ${replica.pid}`}</span>
        <span className="text-fg-3">{replica.restarts === 1 ? '1 restart' : `${replica.restarts} restarts`}</span>
      </div>
      {replica.detail === undefined && next === undefined ? null : (
        <p className="text-fg-3">
          {replica.detail} {next === undefined ? '' : `Starts again in ${durationWords(next)}.`}
          {replica.away === undefined
            ? ''
            : `Tried again in ${durationWords(Math.max(0, replica.away.nextTryAt - now))}.`}
        </p>
      )}
    </li>
  )
}

function Links({ service }: { service: string }) {
  const links = useLive((live) => live.services.find((one) => one.name === service)?.links ?? none)
  if (links.length === 0) return null
  return (
    <Section title="Network" aside="through its sidecar">
      <ul>
        {links.map((link) => (
          <li className="border-t border-line py-1.5 first:border-t-0 first:pt-0" key={link.id}>
            <div className="flex min-w-0 items-center gap-2">
              <b className="font-medium">{link.id.slice(link.id.indexOf('->') + 2)}</b>
              <code className="min-w-0 truncate text-fg-3">{link.upstream}</code>
              <span className="flex-1" />
              <span className="text-fg-3">
                {link.connections === 1 ? '1 connection' : `${link.connections} connections`}
              </span>
            </div>
            <p className="text-fg-3">
              {bytes(link.bytesUp)} sent, {bytes(link.bytesDown)} received
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What leads here and what this leads to; for a consumer also the topics that its queue takes. */
function Wiring({ node }: { node: TopologyNode }) {
  const topology = useLive((live) => live.topology)
  const { subscribesTo, incoming, outgoing } = useMemo(() => {
    const named = (id: string) => topology.nodes.find((one) => one.id === id)
    const to = (id: string) =>
      topology.edges
        .filter((edge) => edge.to === id)
        .map((edge) => named(edge.from))
        .filter((one) => one !== undefined)
    const upstream = to(node.id)
    return {
      incoming: upstream,
      subscribesTo: node.kind === 'consumer' ? upstream.flatMap((queue) => to(queue.id)) : [],
      outgoing: topology.edges
        .filter((edge) => edge.from === node.id)
        .map((edge) => named(edge.to))
        .filter((one) => one !== undefined),
    }
  }, [topology, node])
  return (
    <>
      {subscribesTo.length === 0 ? null : (
        <Section title="Subscribes to" aside={subscribesTo.length === 1 ? '1 topic' : `${subscribesTo.length} topics`}>
          <NodeLinks nodes={subscribesTo} />
        </Section>
      )}
      <Section title="Wiring">
        {incoming.length === 0 ? null : <p className="type-11 font-medium text-fg-3">From</p>}
        <NodeLinks nodes={incoming} />
        {outgoing.length === 0 ? null : <p className="type-11 font-medium text-fg-3">To</p>}
        <NodeLinks nodes={outgoing} />
      </Section>
    </>
  )
}

function NodeLinks({ nodes }: { nodes: TopologyNode[] }) {
  if (nodes.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-1.5">
      {nodes.map((node) => (
        <li key={node.id}>
          <RouteLink
            className={chipClass}
            patch={{ node: node.id, edge: undefined, tab: undefined }}
            title={kindOf(node)}
          >
            <Icon name={iconOf(node)} size={12} />
            {node.name}
          </RouteLink>
        </li>
      ))}
    </ul>
  )
}
