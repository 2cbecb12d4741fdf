'use client'

import { type ReactNode, useId, useState } from 'react'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'

/** What is wrong with the control above it; controls name it with `aria-describedby`. */
export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (error === undefined) return null
  return (
    <p className="flex items-center gap-1.5 type-11 text-lost-fg glyph:size-2.5 glyph:text-lost" id={id}>
      <Glyph name="lost" />
      {error}
    </p>
  )
}

/** A line that opens what is below it. */
export function Fold({ title, summary, children }: { title: string; summary: string; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div>
      <div className="flex h-8 items-center gap-2 border-t border-b border-line">
        <button
          className="flex h-full w-full items-center gap-2 border-0 bg-transparent p-0 text-left"
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <Icon name="right" size={12} className={cn('text-fg-3 transition-transform', open && 'rotate-90')} />
          <b className="font-medium">{title}</b>
          <span className="min-w-0 truncate text-fg-3">{summary}</span>
        </button>
      </div>
      <div id={id} hidden={!open}>
        {children}
      </div>
    </div>
  )
}
