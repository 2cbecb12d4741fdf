'use client'

import { useState } from 'react'
import type { EventTypeItem } from '#contracts/events/event-type.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { Chip } from '#web/ui/status.tsx'
import { count } from '../words/figures.ts'
import { newType } from './draft-store.ts'
import type { EventTypeDraft } from './event-type-draft.ts'

interface EventTypeListProps {
  items: EventTypeItem[]
  drafts: Record<string, EventTypeDraft>
  selected: string
}

/** The rail: search, every type with who takes it and how many were published, drafts last. */
export function EventTypeList({ items, drafts, selected }: EventTypeListProps) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const shown = items.filter((item) => item.name.includes(wanted))
  const fresh = drafts[newType]
  return (
    <nav className="flex flex-col gap-1 px-2 py-3" aria-label="Event types">
      <TextInput
        quiet
        boxClass="mb-2 flex-none"
        type="search"
        data-search
        aria-label="Find a type"
        placeholder="Find a type"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        before={<Icon name="search" />}
        after={<kbd>/</kbd>}
      />
      <ul className="min-h-0 overflow-y-auto">
        {shown.map((item) => (
          <Entry
            key={item.name}
            path={item.name}
            name={item.name}
            on={selected === item.name}
            who={item.consumers}
            fact={item.published === 0 ? 'none yet' : `${count(item.published)} published`}
            chip={drafts[item.name] ? 'draft' : `v${item.version}`}
          />
        ))}
        {fresh || selected === newType ? (
          <Entry
            path={newType}
            name={fresh?.name || 'unnamed'}
            on={selected === newType}
            who={fresh?.consumers ?? []}
            fact="not saved"
            chip="draft"
          />
        ) : null}
      </ul>
      {shown.length === 0 && wanted !== '' ? (
        <p className="p-2 text-fg-3">No type has “{search}” in its name.</p>
      ) : null}
      <RouteLink className={cn('mt-2 flex-none', buttonClass())} path={`/event-types/${newType}`}>
        <Icon name="plus" />
        New event type
      </RouteLink>
      <p className="mt-auto px-2 pt-0 pb-1 type-11 text-fg-3">
        Built-in types live in the code and are read-only here. Types made here are stored in the database.
      </p>
    </nav>
  )
}

interface EntryProps {
  path: string
  name: string
  on: boolean
  who: string[]
  fact: string
  chip: string
}

function Entry({ path, name, on, who, fact, chip }: EntryProps) {
  const takers = who.map((consumer) => consumer.replace(/^consumer-/, '')).join(', ')
  return (
    <li className={cn('flex h-11 items-center gap-2 rounded-sm text-fg-2', on && 'bg-hover font-medium text-fg')}>
      <RouteLink
        className="flex h-full w-full items-center gap-2 rounded-sm px-2 py-0 text-inherit hover:bg-hover"
        path={`/event-types/${path}`}
        aria-current={on ? 'page' : undefined}
      >
        <span className="grid min-w-0 flex-1">
          <code className="min-w-0 truncate text-[12px] text-fg">{name}</code>
          <span className="min-w-0 truncate type-11 text-fg-3 empty:hidden">
            {[takers, fact].filter(Boolean).join(', ')}
          </span>
        </span>
        <Chip className="h-4" dashed={chip === 'draft'}>
          {chip}
        </Chip>
      </RouteLink>
    </li>
  )
}
