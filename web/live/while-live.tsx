'use client'
import type { ReactNode } from 'react'
import { heldReason, useIsReplayed } from './replay.ts'

/** Controls that change the lab: while a moment of the past is shown each is disabled, and its tooltip says why. */
export function WhileLive({ children }: { children: ReactNode }) {
  if (!useIsReplayed()) return children
  return (
    <fieldset disabled className="contents" title={heldReason}>
      <legend className="sr-only">{heldReason}</legend>
      {children}
    </fieldset>
  )
}
