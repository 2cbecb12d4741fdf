'use client'

import { useState } from 'react'
import type { EventTypeItem } from '#contracts/events/event-type.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
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
    <nav className="rail" aria-label="Event types">
      <TextInput
        quiet
        boxClass="types__find"
        type="search"
        data-search
        aria-label="Find a type"
        placeholder="Find a type"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        before={<Icon name="search" />}
        after={<kbd>/</kbd>}
      />
      <ul className="types">
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
        <p className="t3 rail__none">No type has “{search}” in its name.</p>
      ) : null}
      <RouteLink className={`${buttonClass()} types__new`} path={`/event-types/${newType}`}>
        <Icon name="plus" />
        New event type
      </RouteLink>
      <p className="t3 rail__foot">
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
    <li className={on ? 'is-on' : ''}>
      <RouteLink path={`/event-types/${path}`} aria-current={on ? 'page' : undefined}>
        <span className="et">
          <code className="clip">{name}</code>
          <span className="t3 clip">{[takers, fact].filter(Boolean).join(', ')}</span>
        </span>
        <Chip dashed={chip === 'draft'}>{chip}</Chip>
      </RouteLink>
    </li>
  )
}
