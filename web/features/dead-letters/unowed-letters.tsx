'use client'

import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { useDeadLetterCount } from './dead-letter-counts.ts'
import { unowedWords } from './unowed-words.ts'

/** Why the broker counts more dead letters than the ledger, where it does. */
export function UnowedLetters() {
  const unowed = useLive((live) => Object.values(live.ledger?.unowedDeadLetters ?? {}).reduce((a, b) => a + b, 0))
  const words = unowedWords(unowed, useDeadLetterCount())
  if (words === undefined) return null
  return (
    <p className={cn(noteClass, 'mx-4 mt-1 items-center py-1')}>
      <Icon name="alert" />
      <span>{words}</span>
    </p>
  )
}
