'use client'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { count } from '../../words/figures.ts'
import { FindBox } from '../find/find-box.tsx'
import type { Hits } from '../find/use-hits.ts'
import type { ServiceGroup } from './groups.ts'
import { hiddenNames } from './hidden.ts'
import { openGroups } from './open-groups.ts'

interface GroupBarProps {
  groups: { all: ServiceGroup[]; open: Set<string>; services: number; hidden: number; bundled: number }
  found: Hits
  /** Id of the selected node or edge. */
  selected: string | undefined
}

/** On top of a graph of many services: how they are grouped, what is hidden, what is found, and ways to fold, open and hide. */
export function GroupBar({ groups: { all, open, services, hidden, bundled }, found, selected }: GroupBarProps) {
  const isOff = useParam('fold') === 'none'
  const opened = all.filter(({ prefix }) => open.has(prefix)).length
  const folded = all.filter(
    ({ prefix, members }) => !open.has(prefix) && found.hits?.some(({ id }) => members.includes(id)),
  )
  const service = /^(?:consumer|producer):(.+)$/.exec(selected ?? '')?.[1]
  return (
    <div className="absolute inset-x-0 top-0 z-4 flex h-9 items-center gap-3 border-b border-line bg-surface px-4">
      <Icon name="group" className="text-fg-2" />
      <b className="type-12 font-medium whitespace-nowrap">{count(services)} services</b>
      <span className="min-w-0 truncate text-fg-3">
        {isOff
          ? `${all.length} groups, not shown`
          : `${all.length} groups, ${opened} open; ${count(bundled)} topics between cards`}
      </span>
      {hidden === 0 ? null : <Hidden count={hidden} />}
      <span className="flex-1" />
      {service === undefined ? null : (
        <Button
          small
          onClick={() => setParams({ hide: hiddenNames.with(service), node: undefined }, { replace: true })}
        >
          Hide {service}
        </Button>
      )}
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
      {folded.length === 0 || isOff ? null : (
        <Button
          small
          onClick={() => setParams({ open: openGroups.with(...folded.map(({ prefix }) => prefix)) }, { replace: true })}
        >
          Open what was found
        </Button>
      )}
      <FindBox found={found} of={services - hidden} />
    </div>
  )
}

/** What is hidden, each with a way to show it again. */
function Hidden({ count: services }: { count: number }) {
  const names = [...hiddenNames.read(useParam('hide'))]
  const mostNamed = 3
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-fg-3">
      {count(services)} hidden:
      {names.slice(0, mostNamed).map((name) => (
        <button
          key={name}
          type="button"
          title={`Show ${name} again`}
          className="inline-flex h-5 items-center gap-1 rounded-sm border border-dashed border-border-strong bg-transparent px-1.5 type-11 text-fg-2 hover:bg-hover"
          onClick={() => setParams({ hide: hiddenNames.without(name) }, { replace: true })}
        >
          {name}
          <Icon name="x" size={12} />
        </button>
      ))}
      {names.length > mostNamed ? `and ${names.length - mostNamed} more` : ''}
      <Button small onClick={() => setParams({ hide: undefined }, { replace: true })}>
        Show all
      </Button>
    </span>
  )
}
