'use client'
import { useLive } from '#web/live/live-store.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { isOver } from './fault-words.ts'
import { useHealing } from './healing.ts'

/** Ends every fault of the lab, those that are scheduled too. */
export function HealAll() {
  const standing = useLive((live) => live.faults.reduce((sum, fault) => sum + (isOver(fault) ? 0 : 1), 0))
  const { healing, healAll } = useHealing()
  return (
    <Button
      variant={standing > 0 ? 'fault' : 'plain'}
      disabled={standing === 0 || healing}
      title={standing === 0 ? 'No fault in effect' : 'End every fault, scheduled ones too'}
      onClick={() => void healAll()}
    >
      <Icon name="heal" />
      {healing ? (
        'Healing…'
      ) : (
        <span>
          Heal<span className="max-[959px]:sr-only"> all</span>
        </span>
      )}{' '}
      {standing === 0 ? null : <b>{standing}</b>}
    </Button>
  )
}

/** What *Heal all* could not heal, above the graph until it is put away. */
export function HealBanner() {
  const { left, putAway } = useHealing()
  if (left === undefined) return null
  return (
    <p className="flex min-h-8 items-center gap-2 border-b border-line bg-retrying-bg px-4 py-1.5 text-retrying-fg">
      <Icon name="heal" />
      <span>{left}</span>
      <span className="flex-1" />
      <IconButton label="Put this away" onClick={putAway}>
        <Icon name="x" size={12} />
      </IconButton>
    </p>
  )
}
