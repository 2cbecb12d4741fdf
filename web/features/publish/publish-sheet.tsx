'use client'

import { useEffect } from 'react'
import { go, setParams, usePlace } from '#web/live/url-state.ts'
import { Panel, PanelHead } from '#web/ui/panel.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { reloadEventTypes, useEventTypes } from '../event-types/event-types-store.ts'
import { BurstPane } from './burst/burst-pane.tsx'
import { OncePane } from './once-pane.tsx'
import { rememberPublish, usePublish } from './publish-store.ts'
import { TemplateMenu } from './templates/template-menu.tsx'
import { UnreachableCatalogue } from './unreachable-catalogue.tsx'

let remembered = false

/** Publish one event, or a burst of them, beside the graph. `?event=` begins with that type. */
export function PublishSheet() {
  const place = usePlace()
  const burst = place?.path === '/publish/burst'
  const asked = place?.query.get('event') ?? undefined
  const { state, items, problem } = useEventTypes()
  const chosen = usePublish((publish) => publish.body?.type)
  const choose = usePublish((publish) => publish.choose)

  useEffect(() => {
    if (!remembered) rememberPublish(window.sessionStorage)
    remembered = true
  }, [])

  useEffect(() => {
    if (items.length === 0) return
    const wanted = items.find((item) => item.name === asked)
    // Not that of this render: what was remembered may have come just now, where the types were read before.
    const current = usePublish.getState().body?.type ?? chosen
    if (wanted && current !== asked) choose(wanted)
    if (asked !== undefined) setParams({ event: undefined }, { replace: true })
    const known = items.some((item) => item.name === current)
    const [first] = items
    if (!wanted && !known && first) choose(items.find((item) => item.name === 'user_signup') ?? first)
  }, [items, asked, chosen, choose])

  return (
    <Panel kind="sheet" label={burst ? 'Burst' : 'Publish'}>
      <PanelHead icon="send" title="Publish" onClose={() => go('/')} actions={<TemplateMenu />}>
        <div className="ml-2">
          <Seg
            label="How many"
            value={burst ? 'burst' : 'once'}
            options={[
              { value: 'once', label: 'Once' },
              { value: 'burst', label: 'Burst' },
            ]}
            onChange={(mode) => go(mode === 'burst' ? '/publish/burst' : '/publish')}
          />
        </div>
      </PanelHead>
      {state === 'failed' && items.length === 0 ? (
        <UnreachableCatalogue detail={problem?.detail} onRetry={reloadEventTypes} />
      ) : burst ? (
        <BurstPane />
      ) : (
        <OncePane />
      )}
    </Panel>
  )
}
