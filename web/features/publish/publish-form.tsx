'use client'

import type { Problem } from '#contracts/errors.ts'
import type { EventTypeItem } from '#contracts/events/event-type.ts'
import { Button } from '#web/ui/button.tsx'
import { Check } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass, labelClass } from '#web/ui/recipes/input-box.ts'
import { Chip, Status } from '#web/ui/status.tsx'
import { Fold } from '../form/controls.tsx'
import { SchemaForm } from '../form/schema-form.tsx'
import type { SchemaField } from '../schema/schema-fields.ts'
import type { FormProblem } from '../schema/validator.ts'
import { KeyField } from './key-field.tsx'
import { keyOf } from './message-key.ts'
import { usePublish } from './publish-store.ts'
import type { PublishBody } from './publish-text.ts'
import { setHeaders } from './set-headers.ts'
import { SaveTemplate } from './templates/save-template.tsx'
import { TypeSelect } from './type-select.tsx'

interface PublishFormProps {
  type: EventTypeItem
  body: PublishBody
  fields: SchemaField[]
  problems: FormProblem[]
  errors: ReadonlyMap<string, string>
  /** Problems that belong to no field on screen. */
  rest: FormProblem[]
  /** The JSON pane holds text that cannot be published. */
  locked: boolean
  refused: Problem | undefined
}

/** The left half: type, fields, key, who will be owed it, and Publish. */
export function PublishForm({ type, body, fields, problems, errors, rest, locked, refused }: PublishFormProps) {
  const { edit, giveUpText, keep, setKeep, outcome } = usePublish()
  const last = fields.at(-1)
  const pair = last && ['text', 'number', 'choice', 'boolean', 'constant'].includes(last.kind) && fields.length > 2
  const form = {
    data: body.data,
    errors,
    disabled: locked,
    onChange: (data: Record<string, unknown>) => edit({ ...body, data }),
  }
  return (
    <div className="grid content-start gap-4 p-4 max-[1279px]:group-not-data-[pane=form]/publish:hidden">
      <fieldset className="m-0 grid min-w-0 gap-4 border-0 p-0" disabled={locked}>
        <legend className="sr-only">The event</legend>
        <TypeSelect />
        <SchemaForm fields={pair ? fields.slice(0, -1) : fields} {...form} />
        <div className={cn(pair && 'grid grid-cols-[1fr_1fr] gap-x-3 gap-y-2')}>
          {pair ? <SchemaForm fields={[last]} {...form} /> : null}
          <KeyField type={type} body={body} onChange={edit} />
        </div>
      </fieldset>
      <div className={fieldClass}>
        <span className={labelClass}>Will be delivered to</span>
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          {type.consumers.map((consumer) => (
            <Chip key={consumer}>
              <Icon name="consumer" size={12} />
              {consumer}
            </Chip>
          ))}
          {type.consumers.length === 0 ? (
            <span className="text-fg-3">nobody: no consumer subscribes to {type.name}</span>
          ) : null}
        </div>
      </div>
      <HeadersFold type={type} body={body} />
      {locked ? (
        <div className="flex min-w-0 items-center gap-2">
          <Status tone="lost" glyph="lost">
            <span className="text-fg-2">The JSON cannot be read, so the form waits for it.</span>
          </Status>
          <Button small onClick={giveUpText}>
            Discard JSON edits
          </Button>
        </div>
      ) : (
        <Validity type={type} problems={problems} rest={rest} />
      )}
      {refused ? <ProblemNote problem={refused} /> : null}
      <div className="flex min-w-0 items-center gap-2 max-[959px]:sticky max-[959px]:-bottom-4 max-[959px]:-mx-4 max-[959px]:-mb-4 max-[959px]:border-t max-[959px]:border-line max-[959px]:bg-surface max-[959px]:px-4 max-[959px]:py-1.5">
        <Button
          className="h-8 px-3.5 py-0"
          variant="primary"
          type="submit"
          disabled={locked || outcome.state === 'sending'}
        >
          <Icon name="send" />
          {outcome.state === 'sending' ? 'Publishing' : 'Publish'} <kbd>⌘↵</kbd>
        </Button>
        <SaveTemplate body={body} disabled={locked} />
        <span className="flex-1" />
        <span className="text-fg-2">
          <Check checked={keep} onChange={setKeep}>
            Keep contents
          </Check>
        </span>
      </div>
    </div>
  )
}

function HeadersFold({ type, body }: { type: EventTypeItem; body: PublishBody }) {
  const headers = setHeaders(body, type.version, body.key ?? keyOf(type, body.data))
  return (
    <Fold title="Headers" summary={`ce_id, ce_type, traceparent and ${headers.length - 3} more are set for you`}>
      <dl className="py-2">
        {headers.map((header) => (
          <div className="grid min-h-5 grid-cols-[128px_1fr] gap-2" key={header.name}>
            <dt className="mono">{header.name}</dt>
            <dd className="text-fg-3">{header.value}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  )
}

function Validity({ type, problems, rest }: { type: EventTypeItem; problems: FormProblem[]; rest: FormProblem[] }) {
  const what = `${type.name} v${type.version}`
  if (problems.length === 0) {
    return (
      <Status tone="delivered" glyph="delivered">
        <span className="text-fg-2">Valid against {what}</span>
      </Status>
    )
  }
  return (
    <div>
      <Status tone="lost" glyph="lost">
        <span className="text-fg-2">
          {problems.length === 1 ? '1 problem' : `${problems.length} problems`} against {what}
        </span>
      </Status>
      <ul className="text-fg-2 empty:hidden">
        {rest.map((problem) => (
          <li key={problem.path + problem.message}>
            <code className="font-semibold text-lost-fg">{problem.path || '/'}</code> {problem.message}
          </li>
        ))}
      </ul>
    </div>
  )
}
