'use client'

import { useEffect, useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { go, usePlace } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { ErrorBoundary } from '#web/ui/error-boundary.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { newType, useDrafts } from './draft-store.ts'
import { blankDraft, eventTypeDraftOf } from './event-type-draft.ts'
import { EventTypeEditor } from './event-type-editor.tsx'
import { EventTypeList } from './event-type-list.tsx'
import { reloadEventTypes, useEventTypes } from './event-types-store.ts'

/** Event types: the list, and one of them in the editor. `/event-types/<name>`, or `new-type` for a new one. */
export function EventTypesSheet() {
  const selected = decodeURIComponent(usePlace()?.path.split('/')[2] ?? '')
  const { state, items, problem } = useEventTypes()
  const { drafts, drop, restore } = useDrafts()
  const nodes = useLive((live) => live.topology.nodes)
  const consumers = useMemo(() => nodes.filter((node) => node.kind === 'consumer').map((node) => node.name), [nodes])
  useEffect(() => {
    restore()
  }, [restore])

  const item = items.find((type) => type.name === selected)
  const draft =
    drafts[selected] ?? (item ? eventTypeDraftOf(item) : selected === newType ? blankDraft(consumers) : undefined)
  const unsaved = Object.keys(drafts).length
  return (
    <Panel kind="sheet" label="Event types">
      <div className="border-b border-line">
        <PanelHead icon="topic" title="Event types" onClose={() => go('/')}>
          <span className="text-fg-3">
            {items.length + (drafts[newType] ? 1 : 0)}
            {unsaved > 0 ? `, of which ${unsaved} ${unsaved === 1 ? 'draft' : 'drafts'}` : ''}
          </span>
        </PanelHead>
      </div>
      {state === 'failed' && items.length === 0 ? (
        <Empty
          icon="alert"
          title="The event types could not be read"
          action={<Button onClick={() => void reloadEventTypes()}>Try again</Button>}
        >
          {problem?.detail}
        </Empty>
      ) : (
        <div className="grid min-h-0 flex-1 grid-cols-[240px_1fr] *:min-h-0 *:min-w-0 *:overflow-hidden *:not-first:border-l *:not-first:border-line">
          <EventTypeList items={items} drafts={drafts} selected={selected} />
          {draft ? (
            <ErrorBoundary key={selected} name={`The editor of ${selected}`} forget={() => drop(selected)}>
              <EventTypeEditor selected={selected} item={item} draft={draft} consumers={consumers} />
            </ErrorBoundary>
          ) : (
            <Nothing loading={state === 'loading'} selected={selected} />
          )}
        </div>
      )}
    </Panel>
  )
}

function Nothing({ loading, selected }: { loading: boolean; selected: string }) {
  if (loading) return <div aria-busy="true" />
  return (
    <div className="flex">
      <Empty
        icon="topic"
        title={selected ? `There is no event type ${selected}` : 'Choose a type, or make one'}
        action={
          <Button onClick={() => go(`/event-types/${newType}`)}>
            <Icon name="plus" />
            New event type
          </Button>
        }
      >
        {selected ? 'It may have been deleted.' : 'A type made here is published, mailed and stored at once.'}
      </Empty>
    </div>
  )
}
