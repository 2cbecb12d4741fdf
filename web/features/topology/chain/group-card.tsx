'use client'
import { Handle, type NodeProps, Position, useStore } from '@xyflow/react'
import { memo, type ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Figures } from '#contracts/api/live.ts'
import { FaultPill } from '#web/features/faults/fault-pill.tsx'
import { useLive } from '#web/live/live-store.ts'
import { setParams } from '#web/live/url-state.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { lagOf } from '../../nodes/card-words.ts'
import { iconOf, kindOf, stateView } from '../../nodes/node-words.ts'
import { count, rate } from '../../words/figures.ts'
import { Sparkline } from '../card/sparkline.tsx'
import { dimmed, type GraphView, isServiceDim, selectedLook, useGraphView } from '../graph-context.ts'
import type { FrameNode, GroupNode, MemberNode } from './group-elements.ts'
import { groupCard, groupFrameHead, serviceCard } from './group-layout.ts'
import type { ServiceGroup } from './groups.ts'
import { HideGroup } from './hide-group.tsx'
import { openGroups } from './open-groups.ts'

const none: never[] = []

const Ports = () => (
  <>
    <Handle type="target" position={Position.Left} isConnectable={false} className="port" />
    <Handle type="source" position={Position.Right} isConnectable={false} className="port" />
  </>
)

/** Text keeps its size on the screen where the graph is drawn smaller: the card has less of it then. */
function Readable({
  size,
  className,
  children,
}: {
  size: { width: number; height: number }
  className?: string
  children: (height: number) => ReactNode
}) {
  const zoom = Math.min(
    1,
    useStore((flow) => flow.transform[2]),
  )
  const height = size.height * zoom
  return (
    <div
      className={cn('absolute top-0 left-0 flex origin-top-left flex-col overflow-hidden', className)}
      style={{ width: size.width * zoom, height, transform: `scale(${1 / zoom})` }}
    >
      {children(height)}
    </div>
  )
}

const queueOf = (member: string): string => member.replace(/^consumer:/, 'queue:')

/** What the services of a group do together. */
function sumOf(members: readonly string[], nodes: Record<string, Figures>) {
  const lags = members.map((member) => lagOf(nodes[queueOf(member)]))
  const most = lags.reduce((best, lag, at) => (lag > (lags[best] ?? 0) ? at : best), 0)
  return {
    rate: members.reduce((sum, member) => sum + (nodes[member]?.ratePerSecond ?? 0), 0),
    lag: lags.reduce((sum, lag) => sum + lag, 0),
    most: members[most] ?? '',
    mostLag: lags[most] ?? 0,
  }
}

const useSum = (members: readonly string[]) => useLive(useShallow((live) => sumOf(members, live.nodes)))

/** Members that the find box asks for. */
const foundIn = ({ found }: GraphView, { members }: ServiceGroup): string[] =>
  found === undefined ? [] : members.filter((member) => found.has(member) || found.has(queueOf(member)))

/** A group is lit where one of its services is. */
const isGroupDim = (view: GraphView, group: ServiceGroup): boolean =>
  group.members.every((member) => isServiceDim(view, member, queueOf(member)))

/** A folded group: its services as dots, their rate and lag summed, the largest one named. */
export const GroupCard = memo(function GroupCard({ data: { group, names } }: NodeProps<GroupNode>) {
  const view = useGraphView()
  const sum = useSum(group.members)
  const found = foundIn(view, group)
  const [first] = found
  const named = first ?? sum.most
  const nameOf = (id: string): string => (names[group.members.indexOf(id)] ?? id).slice(group.prefix.length)
  const namedLag = useLive((live) => lagOf(live.nodes[queueOf(named)]))
  return (
    <div className={cn('group/card absolute inset-0 transition-opacity', isGroupDim(view, group) && dimmed)}>
      <Ports />
      <span className="absolute inset-0 translate-x-1 -translate-y-1 rounded-md border border-border bg-raised" />
      <span className="absolute inset-0 translate-x-0.5 -translate-y-0.5 rounded-md border border-border bg-raised" />
      <Readable size={groupCard} className="rounded-md border border-border bg-raised px-2.25 py-1.25">
        {(height) => (
          <>
            <header className="flex h-5 flex-none items-center gap-1.5">
              {height < 80 ? null : <Icon className="text-fg-3" name="group" />}
              <span className="flex-1 truncate type-12 leading-5 font-medium" title={group.prefix}>
                {group.prefix}
              </span>
              <span className="rounded-sm bg-hover px-1 type-11 text-fg-2">
                {group.members.length}
                <span className="text-[0px]"> services, folded; open</span>
              </span>
            </header>
            {height < 50 ? null : (
              <div className="flex h-6 flex-none items-end gap-2">
                <b className="type-14 leading-6 font-semibold tracking-[-0.01em] whitespace-nowrap">
                  {rate(sum.rate)}
                  <small className="ml-0.5 type-11 tracking-[0] text-fg-3">/s</small>
                </b>
                {height < groupCard.height ? null : <GroupSpark members={group.members} />}
              </div>
            )}
            {height < 76 ? null : (
              <div className={cn('h-4 flex-none truncate type-11 text-fg-3', first !== undefined && 'text-accent-fg')}>
                {first === undefined
                  ? `largest: ${nameOf(named)}, ${count(namedLag)}`
                  : `${nameOf(first)}: lag ${count(namedLag)}`}
              </div>
            )}
            {height < groupCard.height ? null : (
              <footer className="mt-auto flex items-center gap-2 type-11 text-fg-3">
                <Dots members={group.members} found={found} />
                <span className="ml-auto whitespace-nowrap">lag {count(sum.lag)}</span>
              </footer>
            )}
          </>
        )}
      </Readable>
      <HideGroup
        prefix={group.prefix}
        className="absolute right-1 bottom-full opacity-0 group-hover/card:opacity-100 focus-visible:opacity-100"
      />
    </div>
  )
})

function GroupSpark({ members }: { members: readonly string[] }) {
  const values = useLive(
    useShallow((live) => {
      const lines = members.map((member) => live.sparks[member] ?? none)
      const longest = Math.max(0, ...lines.map((line) => line.length))
      return Array.from({ length: longest }, (_, at) =>
        lines.reduce((sum, line) => sum + (line[line.length - longest + at] ?? 0), 0),
      )
    }),
  )
  return <Sparkline values={values} width={52} />
}

/** Dots that a card has room for. */
const mostDots = 6

function Dots({ members, found }: { members: readonly string[]; found: readonly string[] }) {
  const states = useLive(
    useShallow((live) =>
      members.map(
        (member) => live.states[member] ?? live.topology.nodes.find(({ id }) => id === member)?.state ?? 'unreachable',
      ),
    ),
  )
  const down = states.filter((state) => state !== 'up').length
  return (
    <span className="flex items-center gap-0.75">
      {members.slice(0, mostDots).map((member, at) => {
        const view = stateView[states[at] ?? 'unreachable']
        const isFound = found.includes(member)
        return (
          <span
            key={member}
            className={cn('grid size-2 place-items-center', toneClass[view.tone], isFound && 'text-accent')}
          >
            <Glyph
              name={isFound ? 'handling' : view.glyph}
              className={cn('size-2', isFound ? 'text-accent' : 'text-tone', '[--ink:var(--raised)]')}
            />
          </span>
        )
      })}
      {members.length > mostDots ? <span>+{members.length - mostDots}</span> : null}
      <span className="sr-only">{down === 0 ? 'all up' : `${down} not up`}</span>
    </span>
  )
}

/** The frame around the services of an open group, with its name and a way to fold it. */
export const GroupFrame = memo(function GroupFrame({ data: { group } }: NodeProps<FrameNode>) {
  const view = useGraphView()
  const zoom = useStore((flow) => Math.min(1, flow.transform[2]))
  const sum = useSum(group.members)
  const found = foundIn(view, group)
  return (
    <div className="absolute inset-0 rounded-md border border-dashed border-border-strong">
      <Ports />
      <header
        className="flex origin-top-left items-center gap-2 px-3 type-12"
        style={{ height: groupFrameHead * zoom, width: `${100 * zoom}%`, transform: `scale(${1 / zoom})` }}
      >
        <button
          type="button"
          className="nodrag nopan pointer-events-auto inline-flex h-6 items-center gap-2 rounded-sm border-0 bg-transparent px-1 font-medium hover:bg-hover"
          aria-expanded
          onClick={(event) => {
            event.stopPropagation()
            setParams({ open: openGroups.without(group.prefix) }, { replace: true })
          }}
        >
          <Icon name="down" size={12} />
          {group.prefix}
          <span className="rounded-sm bg-hover px-1 type-11 text-fg-2">{group.members.length}</span>
        </button>
        <span className="truncate text-fg-3">
          {rate(sum.rate)}/s, lag {count(sum.lag)}
        </span>
        <HideGroup prefix={group.prefix} />
        {view.found === undefined ? null : (
          <span className="ml-auto whitespace-nowrap text-accent-fg">
            {found.length} of {group.members.length} found
          </span>
        )}
      </header>
    </div>
  )
})

/** A service in an open group, or one of no group: small, so that many have room. */
export const MemberCard = memo(function MemberCard({ data: { node, name, queue } }: NodeProps<MemberNode>) {
  const view = useGraphView()
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const perSecond = useLive((live) => live.nodes[node.id]?.ratePerSecond ?? 0)
  const lag = useLive((live) => (queue === undefined ? 0 : lagOf(live.nodes[queue])))
  const dim = isServiceDim(view, node.id, queue)
  const asked = view.found !== undefined && !dim
  return (
    <div className={cn('absolute inset-0 transition-opacity', dim && dimmed)}>
      <Ports />
      <Readable
        size={serviceCard}
        className={cn(
          'justify-center rounded-md border border-border bg-raised px-2.25',
          view.selected === node.id && selectedLook,
        )}
      >
        {(height) => (
          <>
            <header className="flex h-5 flex-none items-center gap-1.5">
              {height < 40 ? null : <Icon className="text-fg-3" name={iconOf(node)} />}
              <span className="flex-1 truncate type-12 leading-5 font-medium" title={node.name}>
                {name}
                <span className="text-[0px]">, {kindOf(node)}</span>
              </span>
              <span
                className={cn(
                  'glyph:size-2.5 glyph:text-tone glyph:[--ink:var(--raised)]',
                  toneClass[stateView[state].tone],
                )}
              >
                <Glyph name={stateView[state].glyph} />
                <span className="sr-only">{stateView[state].word}</span>
              </span>
            </header>
            {height < serviceCard.height ? null : (
              <div className="flex items-baseline gap-2 type-11 whitespace-nowrap text-fg-3">
                {asked && lag > 0 ? (
                  <b className="type-13 font-semibold text-in-flight-fg">
                    {count(lag)} <small className="type-11 font-normal text-fg-3">lag</small>
                  </b>
                ) : (
                  <>
                    <b className="type-13 font-semibold text-fg">
                      {rate(perSecond)} <small className="type-11 font-normal text-fg-3">/s</small>
                    </b>
                    {queue === undefined ? null : <span className="ml-auto">lag {count(lag)}</span>}
                  </>
                )}
              </div>
            )}
          </>
        )}
      </Readable>
      <FaultPill nodes={[node.id]} tile />
    </div>
  )
})
