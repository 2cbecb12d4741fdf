'use client'
import { useReplayedAt } from '#web/live/replay.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { clock } from '../words/figures.ts'
import { backToNow } from './replay-store.ts'

/** Says over the graph which moment it shows, and leads back; nothing while it is now. */
export function ReplayPill() {
  const at = useReplayedAt()
  if (at === undefined) return null
  return (
    <>
      <span className="inline-flex h-7 items-center gap-1.5 rounded-full border border-accent-border bg-accent-bg px-2.5 whitespace-nowrap text-accent-fg icon:text-accent-fg">
        <Icon name="clock" />
        <span className="max-[1099px]:sr-only">The lab as it was at</span>
        <b className="font-semibold text-fg tabular-nums">{clock(at).slice(0, 10)}</b>
      </span>
      <Button onClick={backToNow}>
        <Icon name="x" />
        Back to now <kbd>Esc</kbd>
      </Button>
    </>
  )
}
