'use client'
import type { ReactNode } from 'react'
import { useIsReplayed } from '#web/live/replay.ts'
import { Empty } from '#web/ui/panel.tsx'

/** What is not recorded: while a moment of the past is shown a sentence is in its place. `what` begins it: `Dead letters`. */
export function OnlyNow({ what, children }: { what: string; children: ReactNode }) {
  if (!useIsReplayed()) return children
  return (
    <Empty icon="clock" title={`${what} are not recorded`}>
      Go back to now to see them as they are.
    </Empty>
  )
}
