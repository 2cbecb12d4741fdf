'use client'

import { useMemo, useState } from 'react'
import { type EventTypeItem, eventTypeItem } from '#contracts/events/event-type.ts'
import { randomSource, sampleOf } from '#contracts/schemas/sample.ts'
import { api } from '#web/http/api.ts'
import { go } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/confirm-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { useSending } from '../form/use-sending.ts'
import { printJson } from '../json/print-json.ts'
import { newType, useDrafts } from './draft-store.ts'
import { EmailEditor } from './email-editor.tsx'
import { checkDraft, draftCopyOf, type EventTypeDraft, serverProblems } from './event-type-draft.ts'
import { EventTypeNames } from './event-type-names.tsx'
import { reloadEventTypes, useEventTypes } from './event-types-store.ts'
import { SubscribedBy } from './subscribed-by.tsx'
import { TextEditor } from './text-editor.tsx'

interface EventTypeEditorProps {
  /** Name of the type, or the key of a new one. */
  selected: string
  item: EventTypeItem | undefined
  draft: EventTypeDraft
  consumers: string[]
}

/** One event type: names, schema, example, e-mail, and who takes it. Built-in types are shown and not changed. */
export function EventTypeEditor({ selected, item, draft, consumers }: EventTypeEditorProps) {
  const { drafts, set, drop } = useDrafts()
  const { items } = useEventTypes()
  const { sending, problem, send, forget } = useSending()
  const [asked, setAsked] = useState<'save' | 'remove'>()
  const saving = sending && asked === 'save'
  const readOnly = item?.builtIn ?? false
  const changed = drafts[selected] !== undefined
  const taken = useMemo(() => items.map((type) => type.name), [items])
  const own = useMemo(() => checkDraft(draft, taken), [draft, taken])
  const theirs = useMemo(() => (problem ? serverProblems(problem, draft) : undefined), [problem, draft])
  const check = {
    ...own,
    ...theirs,
    // An untouched form does not begin with a complaint about its empty name.
    name: own.name === 'is required' && !changed ? undefined : (own.name ?? theirs?.name),
    schema: own.schema.length > 0 ? own.schema : (theirs?.schema ?? []),
    example: own.example.length > 0 ? own.example : (theirs?.example ?? []),
  }
  const edit = (patch: Partial<EventTypeDraft>): void => {
    forget()
    set(selected, { ...draft, ...patch })
  }
  const save = async (): Promise<void> => {
    const { input } = own
    if (!input) return
    const { name, ...change } = input
    setAsked('save')
    const done = await send(() =>
      draft.of === undefined
        ? api.post('/api/event-types', input)
        : api.put(`/api/event-types/${encodeURIComponent(name)}`, change),
    )
    if (done === undefined) return
    const saved = eventTypeItem.parse(done.value)
    await reloadEventTypes()
    drop(selected)
    go(`/event-types/${saved.name}`, {}, { replace: true })
  }
  const remove = async (): Promise<void> => {
    setAsked('remove')
    const done = await send(() => api.delete(`/api/event-types/${encodeURIComponent(selected)}`))
    if (done === undefined) return
    drop(selected)
    await reloadEventTypes()
    go('/event-types', {}, { replace: true })
  }

  return (
    <div className="flex flex-col">
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4 *:flex-none">
        <EventTypeNames
          draft={draft}
          check={check}
          version={versionOf(item, own.schemaValue)}
          readOnly={readOnly}
          onEdit={edit}
        />
        <TextEditor
          title="Schema"
          aside="JSON Schema 2020-12"
          good="valid schema"
          value={draft.schema}
          problems={check.schema}
          readOnly={readOnly}
          onChange={(schema) => edit({ schema })}
        />
        <TextEditor
          title="Example"
          aside="seeds the publish form"
          good="matches the schema"
          value={draft.example}
          problems={check.example}
          readOnly={readOnly}
          onChange={(example) => edit({ example })}
          action={
            own.schemaValue && !readOnly
              ? {
                  label: 'Make one from the schema',
                  run: () => edit({ example: printJson(sampleOf(own.schemaValue ?? {}, undefined, randomSource)) }),
                }
              : undefined
          }
        />
        <EmailEditor draft={draft} check={check} readOnly={readOnly} onEdit={edit} />
        <SubscribedBy draft={draft} consumers={consumers} readOnly={readOnly} onEdit={edit} />
        {problem ? (
          <ProblemNote problem={problem}>
            {theirs?.rest.map((rest) => (
              <p key={rest.path + rest.message}>
                <code>{rest.path}</code> {rest.message}
              </p>
            ))}
          </ProblemNote>
        ) : null}
      </div>
      <div className={panelFoot}>
        {readOnly ? (
          <>
            <Button
              onClick={() => {
                if (item) set(newType, draftCopyOf(item))
                go(`/event-types/${newType}`)
              }}
            >
              <Icon name="copy" />
              Use as a start
            </Button>
            <span className="flex-1" />
            <span className="text-fg-3">Built in, read-only</span>
          </>
        ) : (
          <>
            <Button
              variant="primary"
              disabled={!own.input || saving || (!changed && item !== undefined)}
              onClick={() => void save()}
            >
              {saving ? 'Saving' : 'Save event type'}
            </Button>
            {changed ? (
              <ConfirmButton
                label="Discard draft"
                title={item ? `Discard the changes to ${selected}?` : 'Discard this draft?'}
                detail={
                  item
                    ? 'The editor shows the saved type again. What was typed is gone.'
                    : 'What was typed is gone. Nothing was saved, so nothing else changes.'
                }
                confirm="Discard"
                onConfirm={() => {
                  forget()
                  drop(selected)
                  if (!item) go('/event-types', {}, { replace: true })
                }}
              />
            ) : null}
            {item ? (
              <ConfirmButton
                label="Delete"
                title={`Delete ${selected}?`}
                detail={`It can no longer be published, and its topic and subscriptions are taken down. Refused while messages of it are unsettled. The ${item.published.toLocaleString('en-US')} published, with their mails and rows, stay.`}
                confirm="Delete event type"
                onConfirm={() => void remove()}
              />
            ) : null}
            <span className="flex-1" />
            <span className="text-fg-3">
              {own.blocked ?? (changed ? 'Takes effect at once, without a restart' : 'Saved')}
            </span>
          </>
        )}
      </div>
    </div>
  )
}

/** The version that saving would give: one more where the schema is another one. */
function versionOf(item: EventTypeItem | undefined, schema: Record<string, unknown> | undefined): number {
  if (!item) return 1
  return schema && JSON.stringify(schema) !== JSON.stringify(item.schema) ? item.version + 1 : item.version
}
