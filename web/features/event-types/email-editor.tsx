'use client'

import { Check, Field, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { fieldClass, inputBox, labelClass } from '#web/ui/recipes/input-box.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { FieldError } from '../form/controls.tsx'
import { fillTemplate, type TemplatePiece, unknownPlaceholders } from './email-template.ts'
import type { DraftCheck, EventTypeDraft } from './event-type-draft.ts'

interface EmailEditorProps {
  draft: EventTypeDraft
  check: DraftCheck
  readOnly: boolean
  onEdit: (patch: Partial<EventTypeDraft>) => void
}

/** Subject and body of the e-mail, filled in with the example beside. Built-in types have theirs in the code. */
export function EmailEditor({ draft, check, readOnly, onEdit }: EmailEditorProps) {
  if (readOnly) return null
  const begin = (mailed: boolean): void =>
    onEdit({
      mailed,
      subject: draft.subject || `${draft.name || 'An event'} happened`,
      body:
        draft.body ||
        ['Hello,', '', 'this was published:', draft.keyField ? `{{data.${draft.keyField}}}` : ''].join('\n'),
    })
  const unknown =
    draft.mailed && check.schemaValue ? unknownPlaceholders(`${draft.subject}\n${draft.body}`, check.schemaValue) : []
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className={sectionHead}>
        <h3>E-mail</h3>
        <span className="type-11 text-fg-3">
          {draft.mailed
            ? '{{data.field}} inserts a value of the event'
            : 'without a template: plain text that lists the fields'}
        </span>
        <span className="flex-1" />
        <span className="text-fg-2">
          <Check checked={draft.mailed} onChange={begin}>
            Own template
          </Check>
        </span>
      </div>
      {draft.mailed ? (
        <div className="grid grid-cols-[1fr_1fr] gap-4 max-[1279px]:grid-cols-[1fr_1fr]">
          <div className="grid content-start gap-2">
            <Field label="Subject" htmlFor="mail-subject" error={check.subject}>
              <TextInput
                id="mail-subject"
                value={draft.subject}
                maxLength={200}
                invalid={check.subject !== undefined}
                onChange={(event) => onEdit({ subject: event.target.value })}
              />
            </Field>
            <div className={fieldClass}>
              <label className={labelClass} htmlFor="mail-body">
                Body
              </label>
              <span className={inputBox({ area: true, invalid: Boolean(check.body) })}>
                <textarea
                  id="mail-body"
                  rows={5}
                  value={draft.body}
                  onChange={(event) => onEdit({ body: event.target.value })}
                />
              </span>
              <FieldError id="mail-body-error" error={check.body} />
            </div>
            {unknown.length > 0 ? (
              <p className={noteClass}>
                <Icon name="alert" />
                <span>
                  The schema has no {unknown.map((name) => `{{${name}}}`).join(', ')}: nothing is there in the mail.
                </span>
              </p>
            ) : null}
          </div>
          <section
            className="rounded-md border border-border px-4 py-3 wrap-anywhere"
            aria-label="The e-mail with the example filled in"
          >
            <p className="border-b border-line pb-2 font-semibold">
              <Pieces pieces={fillTemplate(draft.subject, check.exampleValue)} />
            </p>
            <p className="pt-2 whitespace-pre-wrap text-fg-2">
              <Pieces pieces={fillTemplate(draft.body, check.exampleValue)} />
            </p>
          </section>
        </div>
      ) : null}
    </div>
  )
}

function Pieces({ pieces }: { pieces: TemplatePiece[] }) {
  let at = 0
  return pieces.map((piece) => {
    at += piece.text.length + 1
    if (piece.field === undefined) return <span key={at}>{piece.text}</span>
    if (!piece.filled) return <s className="text-lost-fg" key={at}>{`{{${piece.field}}}`}</s>
    return (
      <mark className="bg-accent-bg text-accent-fg" key={at} title={piece.field}>
        {piece.text}
      </mark>
    )
  })
}
