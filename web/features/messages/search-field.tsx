'use client'
import { useEffect, useState } from 'react'
import { setParams } from '#web/live/url-state.ts'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'

/** What a reader rests after typing before it is searched. */
const restMs = 250

/** The search of a dock's tab: its words are the address's `q`, and `/` leads here. `label` says what is searched. */
export function SearchField({ q, label, placeholder }: { q: string; label: string; placeholder: string }) {
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  useEffect(() => {
    if (text.trim() === q) return
    const timer = setTimeout(() => setParams({ q: text.trim() || undefined }, { replace: true }), restMs)
    return () => clearTimeout(timer)
  }, [text, q])
  return (
    <TextInput
      quiet
      boxClass="h-6 w-46 max-[1439px]:w-37"
      type="search"
      data-search
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.target.value)}
      before={<Icon name="search" />}
      after={<kbd>/</kbd>}
    />
  )
}
