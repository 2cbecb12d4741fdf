'use client'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { count } from '../../words/figures.ts'
import { parseFind } from '../find-nodes.ts'
import type { ServiceGroup } from './groups.ts'
import { openGroups } from './open-groups.ts'

interface GroupBarProps {
  groups: { all: ServiceGroup[]; open: Set<string>; services: number; bundled: number }
}

/** On top of a graph of many services: how they are grouped, and ways to fold and open the groups. */
export function GroupBar({ groups: { all, open, services, bundled } }: GroupBarProps) {
  const find = useParam('find') ?? ''
  const isOff = useParam('fold') === 'none'
  const opened = all.filter(({ prefix }) => open.has(prefix)).length
  return (
    <div className="absolute inset-x-0 top-0 z-4 flex h-9 items-center gap-3 border-b border-line bg-surface px-4">
      <Icon name="group" className="text-fg-2" />
      <b className="type-12 font-medium whitespace-nowrap">{count(services)} services</b>
      <span className="min-w-0 truncate text-fg-3">
        {isOff
          ? `${all.length} groups, not shown`
          : `${all.length} groups, ${opened} open; ${count(bundled)} topics between cards`}
      </span>
      <span className="flex-1" />
      <Seg
        className="h-6 [&_label]:h-4.5"
        label="Group by"
        value={isOff ? 'none' : 'prefix'}
        options={[
          { value: 'prefix', label: 'By name prefix' },
          { value: 'none', label: 'Each by itself' },
        ]}
        onChange={(group) => setParams({ fold: group === 'prefix' ? undefined : group }, { replace: true })}
      />
      <Button small disabled={opened === 0} onClick={() => setParams({ open: undefined }, { replace: true })}>
        Fold all
      </Button>
      {find === '' || isOff ? null : (
        <Button small onClick={() => openFound(find, all)}>
          Open what was found
        </Button>
      )}
    </div>
  )
}

function openFound(find: string, groups: readonly ServiceGroup[]): void {
  const test = parseFind(find)
  if (!test) return
  const { topology, nodes } = useLive.getState()
  const found = new Set(topology.nodes.filter((node) => test(node, nodes[node.id])).map(({ id }) => id))
  const hit = groups.filter(({ members }) =>
    members.some((member) => found.has(member) || found.has(member.replace(/^consumer:/, 'queue:'))),
  )
  setParams({ open: openGroups.with(...hit.map(({ prefix }) => prefix)) }, { replace: true })
}
