'use client'

import type { DeadLetterCause } from '#contracts/api/dead-letter.ts'
import { SearchField } from '#web/features/messages/search-field.tsx'
import { setParams } from '#web/live/url-state.ts'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Select } from '#web/ui/field.tsx'
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
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-fg-3" role="status">
        {causes.length === 0 ? '' : sumWords(shown)}
      </span>
      <SearchField q={q} label="Search causes by error, message, type and reason" placeholder="Search" />
      <Select
        boxClass="h-6 w-39"
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
