'use client'

import { Popover } from 'radix-ui'
import { type ReactNode, useMemo } from 'react'
import { idsOf } from '#contracts/api/journey.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { countClass } from '#web/ui/recipes/count.ts'
import { popoverClass } from '#web/ui/recipes/popover.ts'
import { brokerNames } from '../broker/broker-words.ts'
import { filterCount, type MessageFilters, noFilters } from './message-filters.ts'

const states = [
  ['owed', 'owed'],
  ['in_flight', 'in flight'],
  ['waiting', 'waiting'],
  ['handling', 'handling'],
  ['retrying', 'retrying'],
  ['delivered', 'delivered'],
  ['dead_lettered', 'dead-lettered'],
  ['lost', 'lost'],
  ['attempted', 'publish open'],
  ['acked', 'publish acked'],
  ['recovered', 'publish recovered'],
  ['failed', 'publish failed'],
  ['indeterminate', 'publish indeterminate'],
  ['absent', 'publish absent'],
] as const

const brokers = Object.entries(brokerNames)

interface FilterMenuProps {
  filters: MessageFilters
  open: boolean
  onOpen: (open: boolean) => void
}

/** Filters of the list: type, group, state, broker, key; topic, burst and named messages where a link has set them. */
export function FilterMenu({ filters, open, onOpen }: FilterMenuProps) {
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
    <Popover.Root open={open} onOpenChange={onOpen}>
      {/* Where the button gave way to the menu of tools, the filters stand at its place. */}
      <Popover.Anchor className="h-6" />
      <Popover.Trigger className={cn(buttonClass('plain', true), 'max-[1439px]:hidden')}>
        <Icon name="filter" size={12} />
        Filter {active > 0 ? <span className={countClass()}>{active}</span> : null}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={cn(popoverClass, 'grid gap-3 p-3')}
          align="end"
          side="top"
          sideOffset={8}
          aria-label="Filters"
        >
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
          <Choice name="broker" label="Broker" value={filters.broker} options={brokers} />
          <Field label="Key" htmlFor="filter-key">
            <TextInput
              id="filter-key"
              mono
              value={filters.key ?? ''}
              onChange={(event) => setParams({ key: event.target.value || undefined }, { replace: true })}
            />
          </Field>
          <Only name="topic" value={filters.topic}>
            topic {filters.topic}
          </Only>
          <Only name="burst" value={filters.burst}>
            {filters.burst}
          </Only>
          <Only name="ids" value={filters.ids}>
            {named(filters.ids)}
          </Only>
          <div className="flex min-w-0 items-center gap-2">
            <Button small disabled={active === 0} onClick={() => setParams(noFilters)}>
              Take all off
            </Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

const named = (ids = ''): string => {
  const { length } = idsOf(ids)
  return length === 1 ? '1 message by name' : `${length} messages by name`
}

/** A filter that a link has set: it can only be taken off. */
const Only = ({ name, value, children }: { name: string; value: string | undefined; children: ReactNode }) =>
  value === undefined ? null : (
    <div className="flex min-w-0 items-center gap-2">
      <span className="min-w-0 truncate text-fg-2">Only {children}</span>
      <span className="flex-1" />
      <Button small onClick={() => setParams({ [name]: undefined })}>
        All
      </Button>
    </div>
  )

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
