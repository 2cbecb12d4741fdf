'use client'

import { setParams } from '#web/live/url-state.ts'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { useDeadLetterList } from '../dead-letters-query.ts'
import { useDeadLetters } from '../dead-letters-store.ts'
import { noLetter } from '../letter-link.ts'
import { RedriveForm } from './redrive-form.tsx'
import { type RedriveTarget, targetFrom } from './redrive-target.ts'
import { RedriveRunView } from './run-view.tsx'

const close = (): void => setParams(noLetter)

/** Sends several dead letters back, or follows a redrive that was begun. `param` is `?redrive=`. */
export function RedriveDrawer({ param }: { param: string }) {
  const chosen = useDeadLetters((dead) => dead.chosen)
  const target = targetFrom(param, chosen)
  const about = useAbout(target)
  const run = param.startsWith('run:') ? param.slice('run:'.length) : undefined
  return (
    <Panel kind="message" label="Redrive">
      <PanelHead icon="retry" title="Redrive" onClose={close}>
        <span className="min-w-0 truncate text-fg-3">{run === undefined ? about : null}</span>
      </PanelHead>
      {run !== undefined ? (
        <RedriveRunView id={run} />
      ) : target ? (
        <RedriveForm key={JSON.stringify(target)} target={target} />
      ) : (
        <Empty icon="retry" title="Nothing is chosen">
          What was ticked is not in an address. Tick dead letters below, then choose Redrive.
        </Empty>
      )}
    </Panel>
  )
}

function useAbout(target: RedriveTarget | undefined): string {
  const { causes } = useDeadLetterList()
  if (!target) return ''
  if ('all' in target) return 'all dead letters'
  if ('group' in target) return `all of ${target.group}`
  if ('ids' in target) return `${target.ids.length.toLocaleString('en-US')} selected`
  const cause = causes.find(({ key }) => key === target.cause)
  return cause ? `${cause.errorType} in ${cause.group}` : 'one cause'
}
