'use client'

import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { clock } from '../../words/figures.ts'

/** Which run goes on, and until when: a second one would be judged by its messages, so it waits. */
export function RunUnderWayNote() {
  const underWay = useLive((live) => live.underWay)
  if (!underWay) return null
  return (
    <p className={cn(noteClass, 'mx-4 mb-2')} role="status">
      <Icon name="clock" />
      <span>
        <RouteLink path={`/scenarios/${underWay.id}`} patch={{ scenario: undefined }}>
          {underWay.name}
        </RouteLink>{' '}
        runs until {clock(underWay.endsBy).slice(0, 8)} at the latest. One run at a time: the next can begin when it has
        ended, or when you stop it.
      </span>
    </p>
  )
}
