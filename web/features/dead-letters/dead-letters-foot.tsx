'use client'

import type { DeadLetterCause } from '#contracts/api/dead-letter.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { go } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { chipClass, chipTone } from '#web/ui/status.tsx'
import { count } from '../words/figures.ts'
import { groupWords } from './dead-letter-rows.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { DiscardButton } from './discard-button.tsx'
import { ExportButton } from './export-button.tsx'
import { redrivePatch } from './letter-link.ts'
import { useRedrives } from './redrive/redrive-store.ts'
import { nothingSelected, paramOf, selectedCount } from './redrive/redrive-target.ts'
import { handledOf, isRedriveRunning, redriveRunLook } from './redrive/redrive-words.ts'
import { selectedTarget } from './selection-actions.ts'

/** What to do with those that are chosen, or with all; and the redrive that runs. */
export function DeadLettersFoot({ causes, shown }: { causes: DeadLetterCause[]; shown: DeadLetterCause[] }) {
  const { selection, select } = useDeadLetters()
  const chosen = selectedCount(selection, causes)
  const redrive = async (): Promise<void> => {
    const target = await selectedTarget()
    if (target) go('/', redrivePatch(paramOf(target)))
  }
  if (causes.length === 0) return <Running alone />
  return (
    <div className="mt-auto flex h-11 flex-none items-center gap-2 border-t border-line px-4">
      {chosen === 0 ? (
        <RouteLink className={buttonClass('plain', true)} path="/" patch={redrivePatch('all')}>
          <Icon name="retry" size={12} />
          Redrive all…
        </RouteLink>
      ) : (
        <>
          <span className="text-fg-2" role="status">
            {count(chosen)} selected
          </span>
          <Button small onClick={() => void redrive()}>
            <Icon name="retry" size={12} />
            Redrive…
          </Button>
          <ExportButton />
          <DiscardButton chosen={chosen} />
          <Button small variant="ghost" onClick={() => select(() => nothingSelected)}>
            Select none
          </Button>
        </>
      )}
      <Running />
      <span className="flex-1" />
      <span className="min-w-0 truncate text-fg-3">{groupWords(shown)}</span>
    </div>
  )
}

/** The newest redrive, a way to its progress. */
function Running({ alone = false }: { alone?: boolean }) {
  const [run] = useRedrives().runs
  if (!run) return null
  const { tone, word } = redriveRunLook[run.state]
  const link = (
    <RouteLink
      className={cn(chipClass, chipTone, !alone && 'ml-2', toneClass[tone])}
      path="/"
      patch={redrivePatch(`run:${run.id}`)}
    >
      {isRedriveRunning(run) ? 'Redrive' : 'Last redrive'}: {word.toLowerCase()}, {count(handledOf(run))} of{' '}
      {count(run.selected)}
    </RouteLink>
  )
  return alone ? (
    <div className="mt-auto flex h-11 flex-none items-center gap-2 border-t border-line px-4">{link}</div>
  ) : (
    link
  )
}
