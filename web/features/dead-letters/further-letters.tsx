'use client'

import { useState } from 'react'
import { type DeadLetterCause, deadLetterListLimit, deadLetterLooks } from '#contracts/api/dead-letter.ts'
import { deadLetterQueueOf, nodeId } from '#contracts/api/topology.ts'
import { useLive } from '#web/live/live-store.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { count } from '../words/figures.ts'
import { readOf } from './dead-letter-rows.ts'
import { lookFurther, looksNow } from './dead-letters-query.ts'

/** Where a group has more letters than were read: how many of them are listed, and a way to the next ones. */
export function FurtherLetters({ causes, incomplete }: { causes: readonly DeadLetterCause[]; incomplete: string[] }) {
  const looks = looksNow()
  const [reading, setReading] = useState(false)
  const depths = useLive((live) =>
    incomplete.map((group) => live.nodes[nodeId('dead_letter_queue', deadLetterQueueOf(group))]?.depth ?? 0).join(),
  )
  if (incomplete.length === 0) return null
  const more = (): void => {
    setReading(true)
    void lookFurther().finally(() => setReading(false))
  }
  return (
    <p className={cn(noteClass, 'mx-4 my-2 items-center')}>
      <Icon name="list" />
      <span>
        Listed and counted are the oldest {readOf(causes, incomplete, depths.split(',').map(Number))}. A redrive of a
        cause, a group or all takes the others too.
      </span>
      {looks + 1 < deadLetterLooks ? (
        <Button className="ml-auto" small disabled={reading} onClick={more}>
          {reading ? 'Reading…' : `Read the next ${count(deadLetterListLimit)}`}
        </Button>
      ) : null}
    </p>
  )
}
