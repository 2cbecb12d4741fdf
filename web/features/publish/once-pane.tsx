'use client'

import { useMemo, useState } from 'react'
import type { Problem } from '#contracts/errors.ts'
import type { EventTypeItem } from '#contracts/events/event-type.ts'
import { Tabs, tabPanelId } from '#web/ui/tabs.tsx'
import { useEventTypes } from '../event-types/event-types-store.ts'
import { controlId } from '../form/form-context.ts'
import { pointersOf } from '../schema/field-pointers.ts'
import { schemaFields } from '../schema/schema-fields.ts'
import { type FormProblem, validatorOf } from '../schema/validator.ts'
import { AnswerPane } from './answer-pane.tsx'
import { fieldErrors } from './field-errors.ts'
import { PublishForm } from './publish-form.tsx'
import { usePublish } from './publish-store.ts'
import { bodyOf, type PublishBody } from './publish-text.ts'
import { RequestPane } from './request-pane.tsx'
import { ResultBar } from './result-bar.tsx'

type Pane = 'form' | 'json' | 'curl'
const group = 'publish'

/** One event: the form, the same as JSON and as cURL, and what became of it. */
export function OncePane() {
  const body = usePublish((publish) => publish.body)
  const type = useEventTypes().items.find((item) => item.name === body?.type)
  const [pane, setPane] = useState<Pane>('form')
  if (!body || !type)
    return <div className="grid min-h-0 flex-1 *:min-h-0 *:min-w-0 *:overflow-hidden" aria-busy="true" />
  return (
    <div className="group/publish flex min-h-0 flex-1 flex-col" data-pane={pane}>
      <div className="hidden max-[1279px]:block">
        <Tabs<Pane>
          group={group}
          label="Views of the event"
          value={pane}
          onChange={setPane}
          tabs={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
            { value: 'curl', label: 'cURL' },
          ]}
        />
      </div>
      <div id={tabPanelId(group)} className="flex min-h-0 flex-1 flex-col">
        <Once body={body} type={type} onShowForm={() => setPane('form')} />
      </div>
    </div>
  )
}

function Once({ body, type, onShowForm }: { body: PublishBody; type: EventTypeItem; onShowForm: () => void }) {
  const { text, outcome, publish } = usePublish()
  const fields = useMemo(() => schemaFields(type.schema), [type.schema])
  const validator = useMemo(() => validatorOf(type.schema), [type.schema])
  const [asked, setAsked] = useState(false)
  const problems = useMemo<FormProblem[]>(
    () => (validator.ok ? validator.check(body.data) : []),
    [validator, body.data],
  )
  const unreadable = text === undefined ? undefined : bodyOf(text)
  const locked = unreadable !== undefined && !unreadable.ok
  const refused = outcome.state === 'refused' ? outcome.problem : undefined
  const errors = useMemo(
    () => shownErrors(problems, refused, pointersOf(fields, body.data)),
    [problems, refused, fields, body.data],
  )

  const submit = (): void => {
    setAsked(true)
    const [first] = problems
    if (locked) return
    if (first) {
      onShowForm()
      requestAnimationFrame(() => focusError(first.path))
      return
    }
    void publish(type).then(() => {
      const { outcome: after } = usePublish.getState()
      const [wrong] = after.state === 'refused' ? (after.problem.errors ?? []) : []
      if (wrong) focusError(wrong.path.replace(/^\/data(?=\/|$)/, ''))
    })
  }

  return (
    // Mod-Enter publishes from every field of the sheet; the button says so.
    <form
      className="flex min-h-0 flex-1 flex-col"
      noValidate
      aria-label="Event"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return
        const mod = event.metaKey || event.ctrlKey
        const plainInput = event.target instanceof HTMLInputElement && !mod
        if (mod || plainInput) event.preventDefault()
        if (mod) submit()
      }}
    >
      <div className="grid min-h-0 flex-1 grid-cols-[1fr_1fr] border-t border-line *:min-h-0 *:min-w-0 *:overflow-x-hidden *:overflow-y-auto *:not-first:border-l *:not-first:border-line max-[1279px]:grid-cols-[1fr] max-[1279px]:border-t-0">
        <PublishForm
          type={type}
          body={body}
          fields={fields}
          problems={problems}
          errors={errors.fields}
          rest={asked || refused ? errors.rest : problems.length > 0 ? errors.rest : []}
          locked={locked}
          refused={refused}
        />
        <div className="grid content-start gap-4 p-4 max-[1279px]:group-data-[pane=form]/publish:hidden">
          <RequestPane body={body} text={text} problems={problems} />
          <AnswerPane outcome={outcome} />
        </div>
      </div>
      <ResultBar outcome={outcome} />
    </form>
  )
}

/** What the browser found comes first; what only the server found is added. */
function shownErrors(problems: FormProblem[], refused: Problem | undefined, known: string[]) {
  const own = fieldErrors({ errors: problems } as Problem, known)
  const theirs = refused ? fieldErrors(refused, known) : undefined
  return {
    fields: new Map([...(theirs?.fields ?? []), ...own.fields]),
    rest: [...own.rest, ...(theirs?.rest ?? [])],
  }
}

function focusError(pointer: string): void {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const control = document.getElementById(controlId(at))
    if (!control) continue
    const focusable = control.matches('input, select, textarea, button')
      ? control
      : control.querySelector<HTMLElement>('input, select, textarea, button, [contenteditable]')
    ;(focusable ?? control).focus()
    control.scrollIntoView({ block: 'nearest' })
    return
  }
}
