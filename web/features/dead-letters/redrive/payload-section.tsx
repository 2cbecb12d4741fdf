'use client'

import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { Button } from '#web/ui/button.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { Status } from '#web/ui/status.tsx'
import { JsonEditor } from '../../json/json-editor.tsx'
import { firstText, type PayloadDraft } from './payload-draft.ts'

interface PayloadSectionProps {
  letter: DeadLetterItem
  text: string
  draft: PayloadDraft
  /** `order_placed v2`; undefined if its type is not known, so that an edit could not be checked. */
  schemaName: string | undefined
  onChange: (text: string) => void
}

const shownProblems = 5

/** The data of one dead letter, to be sent as it is or changed, with what was changed below. */
export function PayloadSection({ letter, text, draft, schemaName, onChange }: PayloadSectionProps) {
  const { problems, changes } = draft
  const readOnly = schemaName === undefined
  return (
    <Section
      className="flex-none"
      title="1. Edit"
      aside={readOnly ? undefined : `checked against ${schemaName}`}
      actions={
        text === firstText(letter) ? undefined : (
          <Button small variant="ghost" onClick={() => onChange(firstText(letter))}>
            Original
          </Button>
        )
      }
    >
      <JsonEditor
        label="Payload"
        className="max-h-80 overflow-auto"
        value={text}
        onChange={onChange}
        readOnly={readOnly}
        invalid={problems.length > 0}
        describedBy="payload-problems"
        marks={problems.flatMap(({ place }) =>
          place ? [{ from: place.from, to: Math.min(place.to, text.length) }] : [],
        )}
      />
      <ul className="text-fg-2 empty:hidden" id="payload-problems" aria-live="polite">
        {problems.slice(0, shownProblems).map(({ path, message, place }) => (
          <li key={path + message}>
            {place ? <span className="text-fg-3">line {place.line} </span> : null}
            {path === '' ? null : <code className="font-semibold text-lost-fg">{path}</code>} {message}
          </li>
        ))}
      </ul>
      {readOnly ? (
        <p className="text-fg-3">
          {letter.type === ''
            ? 'It names no event type, so that an edit could not be checked: it can only go back as it is.'
            : `No event type is called ${letter.type} now, so that an edit could not be checked: it can only go back as it is.`}
        </p>
      ) : null}
      {problems.length === 0 && changes.length > 0 ? <Changes changes={changes} /> : null}
      {problems.length === 0 && changes.length === 0 && !readOnly ? (
        <p className="text-fg-3">It goes back as it is.</p>
      ) : null}
    </Section>
  )
}

function Changes({ changes }: Pick<PayloadDraft, 'changes'>) {
  return (
    <>
      <Status tone="delivered" glyph="delivered">
        <span className="text-fg-2">{changes.length === 1 ? '1 change' : `${changes.length} changes`}, valid</span>
      </Status>
      <pre className={cn(codeClass, 'px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}>
        {changes.map(({ path, before, after }) => (
          <span key={path}>
            {before === undefined ? null : (
              <span className="-mx-3 block bg-lost-bg px-3 wrap-anywhere text-lost-fg">
                - {path || 'all'}: {before}
              </span>
            )}
            {after === undefined ? null : (
              <span className="-mx-3 block bg-delivered-bg px-3 wrap-anywhere text-delivered-fg">
                + {path || 'all'}: {after}
              </span>
            )}
          </span>
        ))}
      </pre>
    </>
  )
}
