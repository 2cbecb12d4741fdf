'use client'
import type { ReactNode } from 'react'
import { Empty } from '#web/ui/panel.tsx'
import { heldReason } from './api.ts'
import { useIsReplayed } from './replay.ts'

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

/** What is not recorded: while a moment of the past is shown a sentence stands in its place. `what` begins it: `Dead letters`. */
export function OnlyNow({ what, children }: { what: string; children: ReactNode }) {
  if (!useIsReplayed()) return children
  return (
    <Empty icon="clock" title={`${what} are not recorded`}>
      Go back to now to see them as they are.
    </Empty>
  )
}
