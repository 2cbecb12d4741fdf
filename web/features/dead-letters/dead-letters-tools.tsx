'use client'

import { useEffect, useState } from 'react'
import type { DeadLetterCause } from '#contracts/dead-letter.ts'
import { setParams } from '#web/live/url-state.ts'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Select, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { sumWords } from './dead-letter-rows.ts'

interface ToolsProps {
  causes: DeadLetterCause[]
  shown: DeadLetterCause[]
  group: string | undefined
  q: string
}

/** Beside the tabs of the dock: how many there are, search, and the group. */
export function DeadLettersTools({ causes, shown, group, q }: ToolsProps) {
  const groups = [...new Set([...causes.map((cause) => cause.group), ...(group === undefined ? [] : [group])])].sort()
  return (
    <DockTools>
      <span className="live" role="status">
        {causes.length === 0 ? '' : sumWords(shown)}
      </span>
      <Search q={q} />
      <Select
        boxClass="dead__group"
        aria-label="Group"
        value={group ?? ''}
        onChange={(event) => setParams({ group: event.target.value || undefined })}
      >
        <option value="">All groups</option>
        {groups.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
    </DockTools>
  )
}

function Search({ q }: { q: string }) {
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  useEffect(() => {
    if (text.trim() === q) return
    const timer = setTimeout(() => setParams({ q: text.trim() || undefined }, { replace: true }), 250)
    return () => clearTimeout(timer)
  }, [text, q])
  return (
    <TextInput
      quiet
      boxClass="messages__search"
      type="search"
      data-search
      aria-label="Search causes by error, message, type and reason"
      placeholder="Search"
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.target.value)}
      before={<Icon name="search" />}
      after={<kbd>/</kbd>}
    />
  )
}
