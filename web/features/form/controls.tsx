'use client'

import { type ReactNode, useId, useState } from 'react'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import './form.css'

/** What is wrong with the control above it; controls name it with `aria-describedby`. */
export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (error === undefined) return null
  return (
    <p className="error" id={id}>
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
      <div className="fold">
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <Icon name="right" size={12} className="t3" />
          <b>{title}</b>
          <span className="t3 clip">{summary}</span>
        </button>
      </div>
      <div id={id} hidden={!open}>
        {children}
      </div>
    </div>
  )
}
