'use client'

import { Popover } from 'radix-ui'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { filterCount, type MessageFilters, noFilters } from './message-filters.ts'
import '../form/popover.css'

const states = [
  ['waiting', 'waiting'],
  ['handling', 'handling'],
  ['retrying', 'retrying'],
  ['delivered', 'delivered'],
  ['dead_lettered', 'dead-lettered'],
  ['failed', 'publish failed'],
  ['indeterminate', 'publish indeterminate'],
] as const

/** Filters of the list: type, group, state, key, burst. */
export function FilterMenu({ filters }: { filters: MessageFilters }) {
  const nodes = useLive((live) => live.topology.nodes)
  const names = useMemo(
    () => ({
      types: nodes.filter((node) => node.kind === 'topic').map((node) => node.name),
      groups: nodes.filter((node) => node.kind === 'consumer').map((node) => node.name),
    }),
    [nodes],
  )
  const active = filterCount(filters)
  return (
    <Popover.Root>
      <Popover.Trigger className="btn btn--sm">
        <Icon name="filter" size={12} />
        Filter {active > 0 ? <span className="count">{active}</span> : null}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="pop pop--form" align="end" side="top" sideOffset={8} aria-label="Filters">
          <Choice
            name="type"
            label="Event type"
            value={filters.type}
            options={names.types.map((name) => [name, name])}
          />
          <Choice
            name="group"
            label="Consumer"
            value={filters.group}
            options={names.groups.map((name) => [name, name])}
          />
          <Choice name="state" label="State" value={filters.state} options={states} />
          <Field label="Key" htmlFor="filter-key">
            <TextInput
              id="filter-key"
              mono
              value={filters.key ?? ''}
              onChange={(event) => setParams({ key: event.target.value || undefined }, { replace: true })}
            />
          </Field>
          {filters.burst === undefined ? null : (
            <div className="row">
              <span className="t2 clip">Only {filters.burst}</span>
              <span className="spacer" />
              <Button small onClick={() => setParams({ burst: undefined })}>
                All messages
              </Button>
            </div>
          )}
          <div className="row">
            <Button small disabled={active === 0} onClick={() => setParams(noFilters)}>
              Take all off
            </Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface ChoiceProps {
  name: string
  label: string
  value: string | undefined
  options: readonly (readonly [string, string])[]
}

const Choice = ({ name, label, value, options }: ChoiceProps) => (
  <Field label={label} htmlFor={`filter-${name}`}>
    <Select
      id={`filter-${name}`}
      value={value ?? ''}
      onChange={(event) => setParams({ [name]: event.target.value || undefined })}
    >
      <option value="">any</option>
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </Select>
  </Field>
)
